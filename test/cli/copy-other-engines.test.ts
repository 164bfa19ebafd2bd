import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RedisServer, startRedis } from "../../playground/servers/redis.ts";
import { Secret } from "../../src/core/secret.ts";
import { createMysqlEngine } from "../../src/engines/mysql/index.ts";
import { findFreePort } from "../../src/store/embedded/free-port.ts";
import { aDatabase, asApp, asRoot } from "../engines/mysql/databases.ts";
import { readContent as readTables } from "../engines/mysql/read-content.ts";
import { makeSelfSigned } from "../engines/postgresql/self-signed.ts";
import { aPair, asAdmin as asRedisAdmin, asApp as asRedisApp } from "../engines/redis/make-subject.ts";
import { readContent as readKeys } from "../engines/redis/read-content.ts";
import { fill } from "../engines/redis/seed.ts";
import { mysqlUrl } from "../support/shared-servers.ts";
import { lastLine } from "./copy-support.ts";
import { type Run, runGodwit } from "./run-godwit.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-copy-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Order {
  readonly engine: "mysql" | "redis";
  readonly from: string;
  readonly to?: string;
}

function copy({ engine, from, to }: Order, ...args: string[]): Promise<Run> {
  const environment = { GODWIT_FROM_URL: from, ...(to !== undefined && { GODWIT_TO_URL: to }) };
  return runGodwit(["copy", "--engine", engine, ...args], { folder, environment });
}

/** A server that is reached by TLS alone, with a certificate of its own. */
async function aTlsServer(): Promise<{
  readonly server: RedisServer;
  readonly url: string;
  readonly ca: string;
}> {
  await chmod(folder, 0o755);
  const [certificateFile, keyFile] = [join(folder, "own.crt"), join(folder, "own.key")];
  const { certificate, key } = makeSelfSigned("localhost");
  await writeFile(certificateFile, certificate);
  await writeFile(keyFile, key, { mode: 0o644 });
  const port = await findFreePort();
  const lines = [
    "port 0",
    `tls-port ${port}`,
    `tls-cert-file "${certificateFile}"`,
    `tls-key-file "${keyFile}"`,
    `tls-ca-cert-file "${certificateFile}"`,
    "tls-auth-clients no",
  ];
  const server = await startRedis({ version: "redis-7", lines });
  const { username, password } = new URL(server.adminUrl);
  return { server, url: `rediss://${username}:${password}@localhost:${port}`, ca: certificateFile };
}

describe("godwit copy --engine redis", () => {
  it("copies, proves, leaves the old server read-only, and opens it when asked", async () => {
    const { pair, servers, stop } = await aPair(["redis-7", "redis-8"]);
    try {
      await asRedisAdmin(pair.source, fill);
      const order = { engine: "redis", from: servers[0].adminUrl, to: servers[1].adminUrl } as const;

      const run = await copy(order, "--json");
      expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(lastLine(run)).toMatchObject({ type: "report", verified: true, fenced: true });
      expect(await asRedisAdmin(pair.target, readKeys)).toEqual(await asRedisAdmin(pair.source, readKeys));
      await expect(asRedisApp(pair.source, (app) => app.set("late", "1"))).rejects.toThrow(/^NO/);

      expect(await copy(order, "--json")).toMatchObject({ exitCode: 2 });
      expect(await copy({ engine: "redis", from: order.from }, "--unfence")).toMatchObject({ exitCode: 0 });
      expect(await asRedisApp(pair.source, (app) => app.set("late", "1"))).toBe("OK");
      for (const { adminUrl } of servers)
        expect(run.stdout + run.stderr).not.toContain(new URL(adminUrl).password);
    } finally {
      await stop();
    }
  });

  it("goes by TLS with a certificate authority of one's own, and trusts no other", async () => {
    const [{ server, url, ca }, target] = await Promise.all([
      aTlsServer(),
      startRedis({ version: "redis-8" }),
    ]);
    try {
      const order = {
        engine: "redis",
        from: `${url}?ca=${encodeURIComponent(ca)}`,
        to: target.adminUrl,
      } as const;
      const distrusted = await copy({ ...order, from: url }, "--json");
      expect({ exitCode: distrusted.exitCode, ...lastLine(distrusted) }).toMatchObject({
        exitCode: 1,
        type: "failed",
      });
      const run = await copy(order, "--json", "--unfence");
      expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({ exitCode: 0, verified: true });
    } finally {
      await Promise.all([server.stop(), target.stop()]);
    }
  });
});

describe("godwit copy --engine mysql", () => {
  it("copies, proves, leaves the old database read-only, and opens it when asked", async () => {
    const source = await aDatabase("mariadb-10.11", [
      "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, note text, KEY note (note(10)))",
      "INSERT INTO notes (note) VALUES ('a'), ('naïve 🐦'), (NULL)",
      "CREATE VIEW long_notes AS SELECT * FROM notes WHERE LENGTH(note) > 1",
    ]);
    const urlOf = async (name: "mariadb-10.11" | "mariadb-11.8", database: string): Promise<string> =>
      `${await mysqlUrl(name)}/${encodeURIComponent(database)}`;
    const made = `copy_${source.database.slice(-8)}`;
    const order = {
      engine: "mysql",
      from: await urlOf("mariadb-10.11", source.database),
      to: await urlOf("mariadb-11.8", made),
    } as const;
    const write = () => asApp(source, (app) => app.run("INSERT INTO notes (note) VALUES ('late')"));
    const target = {
      ...source,
      server: { id: "mariadb-11.8", adminUrl: new Secret(order.to) },
      database: made,
    };

    try {
      const run = await copy(order, "--json");
      expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(lastLine(run)).toMatchObject({ type: "report", verified: true, fenced: true, rows: 3 });
      await expect(write()).rejects.toMatchObject({ errno: 1142 });
      expect(await readTables(target)).toEqual(await readTables(source));

      expect(await copy({ engine: "mysql", from: order.from }, "--unfence")).toMatchObject({ exitCode: 0 });
      await write();
    } finally {
      await asRoot(target, (root) => root.run(`DROP DATABASE IF EXISTS ${made}`)).catch(() => undefined);
      await createMysqlEngine().drop(source, new AbortController().signal);
    }
  });
});
