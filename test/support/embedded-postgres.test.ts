import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/store/embedded/start-embedded-postgres.ts";
import { startEmbeddedStore } from "../../src/store/embedded/start-embedded-store.ts";
import { isListening, runProgram, uidOf } from "./processes.ts";
import { querySql } from "./test-database.ts";
import { until } from "./until.ts";

async function dataFolderOf(url: string): Promise<string> {
  const [row] = await querySql<{ folder: string }>(url, "SELECT current_setting('data_directory') AS folder");
  return row?.folder ?? "";
}

describe("a temporary server", () => {
  test.each([
    ["embedded-postgres-15", "15."],
    ["embedded-postgres-17", "17."],
    ["embedded-postgres", "18."],
  ] as const)("%s runs unprivileged on loopback, and nothing of it is left", async (binaries, version) => {
    const server = await startEmbeddedPostgres({ binaries, superuserPassword: "it's a secret" });
    const [folder, uid] = [await dataFolderOf(server.url), uidOf(server.pid)];
    await server.stop();
    expect(server.version.startsWith(version)).toBe(true);
    expect(uid).not.toBe(0);
    expect(existsSync(dirname(folder))).toBe(false);
    expect(await isListening(server.port)).toBe(false);
  });

  test("refuses a wrong password", async () => {
    const server = await startEmbeddedPostgres({ superuserPassword: "right" });
    const wrong = querySql(server.url.replace("right", "wrong"), "SELECT 1").catch((error: unknown) => error);
    const error = await wrong;
    await server.stop();
    expect(error).toMatchObject({ code: "28P01" });
  });

  test("comes back on its port after a crash, with what was committed", async () => {
    const server = await startEmbeddedPostgres({ superuserPassword: "x" });
    await querySql(server.url, "CREATE TABLE kept AS SELECT 7 AS n");
    await server.crash();
    expect(await isListening(server.port)).toBe(false);
    await server.restart();
    const rows = await querySql(server.url, "SELECT n FROM kept");
    await server.stop();
    expect(rows).toEqual([{ n: 7 }]);
  });

  test("names the package when this machine has no binaries of that version", async () => {
    const started = startEmbeddedPostgres({ binaries: "embedded-postgres-99", superuserPassword: "x" });
    await expect(started).rejects.toMatchObject({ code: "embedded-postgres-missing" });
  });

  test("shows the log when a setting is wrong, and leaves nothing", async () => {
    const started = startEmbeddedPostgres({ settings: { wal_level: "bogus" }, superuserPassword: "x" });
    const error = (await started.catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ code: "embedded-postgres-not-started" });
    expect(String(error.cause)).toContain("wal_level");
  });

  test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "ends with a parent that dies by %s",
    async (signal) => {
      const { child, line } = await runProgram("hold-server.ts");
      const held = JSON.parse(line) as { url: string; ports: number[] };
      const folder = dirname(await dataFolderOf(held.url));
      child.kill(signal);
      await until(() => !existsSync(folder), { what: "the temporary folder to go" });
      for (const port of held.ports)
        await until(async () => !(await isListening(port)), { what: `port ${port} to close` });
    },
  );
});

describe("a persistent server", () => {
  let folder = "";
  let server: EmbeddedPostgres;
  const start = () => startEmbeddedPostgres({ dataDir: join(folder, "data"), superuserPassword: "x" });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "godwit-test-"));
    await chmod(folder, 0o755);
    server = await start();
  });

  afterAll(async () => {
    const data = await dataFolderOf(server.url);
    await server.stop();
    await rm(dirname(data), { recursive: true });
    await rm(folder, { recursive: true });
  });

  test("keeps its data, and takes over what a dead process left", async () => {
    await querySql(server.url, "CREATE TABLE kept AS SELECT 7 AS n");
    const data = await dataFolderOf(server.url);
    await server.stop();
    await writeFile(
      join(dirname(data), "lease"),
      JSON.stringify({ pid: process.pid, started: "another time" }),
    );
    await writeFile(join(data, "postmaster.pid"), `${process.pid}\n${data}\n`);
    server = await start();
    expect(await querySql(server.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  test("refuses a second server on the same data", async () => {
    await expect(start()).rejects.toMatchObject({ code: "embedded-data-in-use" });
  });
});

describe("Godwit's own database", () => {
  let folder = "";
  let data = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "godwit-test-"));
  });

  afterAll(async () => {
    if (data !== "") await rm(dirname(data), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
    await rmdir("/var/lib/godwit").catch(() => undefined);
  });

  test("keeps its data and password, also under a folder that only its user can enter", async () => {
    const first = await startEmbeddedStore(join(folder, ".godwit"));
    await querySql(first.url, "CREATE TABLE kept AS SELECT current_database() AS name");
    await first.stop();
    const second = await startEmbeddedStore(join(folder, ".godwit"));
    const rows = await querySql(second.url, "SELECT name FROM kept");
    data = await dataFolderOf(second.url);
    const { uid } = await stat(data);
    await second.stop();
    expect(rows).toEqual([{ name: "godwit" }]);
    expect(uid).not.toBe(0);
  });
});
