import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { escapeLiteral } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseAccess } from "../../src/core/ports/engine.ts";
import { Secret } from "../../src/core/secret.ts";
import { adminUrl, appUrl } from "../engines/postgresql/database-urls.ts";
import { aDatabase, anEngine } from "../engines/postgresql/make-subject.ts";
import { readContent } from "../engines/postgresql/read-content.ts";
import { FILLED } from "../engines/postgresql/seed.ts";
import { pgBin, postgresUrl } from "../support/shared-servers.ts";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { type Run, runGodwit } from "./run-godwit.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const made: Omit<DatabaseAccess, "password">[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-copy-"));
});

afterEach(async () => {
  for (const database of made.splice(0)) await engine.drop(database, signal);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A source on 15 and a URL for a copy on 18 that does not exist yet. */
async function aCopy(sql: string): Promise<{ source: DatabaseAccess; to: string; target: DatabaseAccess }> {
  const source = await aDatabase(15, sql);
  const url = new URL(await postgresUrl(18));
  const database = `copy_${source.database.slice(-8)}`;
  const target = { ...source, server: { id: "pg18", adminUrl: new Secret(url.href) }, database };
  url.pathname = `/${database}`;
  made.push(source, target);
  return { source, to: url.href, target };
}

const environmentFor = (from: string, to?: string): Record<string, string> => ({
  GODWIT_FROM_URL: from,
  GODWIT_PG_BIN: pgBin(),
  ...(to === undefined ? {} : { GODWIT_TO_URL: to }),
});

function godwitCopy(args: readonly string[], from: string, to?: string): Promise<Run> {
  return runGodwit(["copy", ...args], { folder, environment: environmentFor(from, to) });
}

const lastLine = ({ stdout }: Run): Record<string, unknown> =>
  JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>;

const canWrite = (source: DatabaseAccess): Promise<boolean> =>
  querySql(appUrl(source), "CREATE TABLE IF NOT EXISTS public.canary (a int); DROP TABLE public.canary")
    .then(() => true)
    .catch(() => false);

/** Starts a copy in a process of its own and kills it as soon as it has reported what is asked for. */
async function killWhen(
  line: RegExp,
  from: string,
  { to, with: name = "SIGKILL" }: { readonly to: string; readonly with?: NodeJS.Signals },
): Promise<number | null> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", tsx, main, "copy", "--json", "--jobs", "1"], {
    cwd: folder,
    env: { ...process.env, ...environmentFor(from, to) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (line.test(text)) child.kill(name);
  });
  const exitCode = await new Promise<number | null>((done) => child.once("close", done));
  expect(text).toMatch(line);
  return exitCode;
}

describe("godwit copy", () => {
  it("copies, proves, leaves the old database read-only, and opens it when asked", async () => {
    const { source, to, target } = await aCopy(FILLED);
    const from = adminUrl(source);
    const run = await godwitCopy(["--json"], from, to);
    expect(run).toEqual({ exitCode: 0, stderr: "", stdout: expect.stringContaining('"type":"report"') });
    const report = lastLine(run);
    expect(report).toMatchObject({ type: "report", verified: true, fenced: true });
    for (const key of ["rows", "bytes", "seconds", "readOnlySeconds"]) expect(report[key]).toBeGreaterThan(0);
    expect(await readContent(target)).toEqual(await readContent(source));
    expect(await canWrite(source)).toBe(false);
    expect(await canWrite(target)).toBe(true); // With the password that the owner has on the old server.

    const again = await godwitCopy(["--json"], from, to);
    expect({ exitCode: again.exitCode, code: lastLine(again)["code"] }).toEqual({
      exitCode: 2,
      code: "owner-exists",
    });
    expect(await godwitCopy(["--unfence"], from)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("accepts writes again"),
    });
    expect(await canWrite(source)).toBe(true);
    expect(
      (await readdir(join(folder, ".godwit", "copies"))).filter((name) => !name.endsWith(".lease")),
    ).toEqual([]);
  });

  it("goes on after a SIGKILL without copying again what is whole", async () => {
    const { source, to, target } = await aCopy(
      `CREATE TABLE early (id int PRIMARY KEY, note text); INSERT INTO early SELECT i, repeat('e', 500) FROM generate_series(1, 60000) i;
       CREATE TABLE late (id int PRIMARY KEY, note text); INSERT INTO late SELECT i, repeat('l', 200) FROM generate_series(1, 60000) i;
       CREATE TABLE tiny (a int); INSERT INTO tiny VALUES (1); SELECT lo_from_bytea(77, 'abc')`,
    );
    await killWhen(/"label":"[^"]*copying late/, adminUrl(source), { to });
    expect(await canWrite(source)).toBe(false);
    const oid = `SELECT pg_relation_filenode('public.early')::text AS file`;
    const [before] = await querySql<{ file: string }>(adminUrl(target), oid);

    const run = await godwitCopy(["--json", "--resume", "--unfence"], adminUrl(source), to);

    expect({ exitCode: run.exitCode, ...lastLine(run) }).toEqual(
      expect.objectContaining({ exitCode: 0, verified: true, fenced: false, rows: 120_001 }),
    );
    expect(await querySql(adminUrl(target), oid)).toEqual([before]);
    expect(await canWrite(source)).toBe(true);
    expect(await readContent(target)).toEqual(await readContent(source));
  });

  it("opens the old database that a dead run has left, and starts anew, when it is not to go on", async () => {
    const { source, to } = await aCopy(
      `CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t SELECT i, repeat('e', 500) FROM generate_series(1, 60000) i`,
    );
    await killWhen(/"label":"[^"]*copying t/, adminUrl(source), { to });
    const run = await godwitCopy(["--json", "--unfence"], adminUrl(source), to);
    expect(run.stdout).toContain("earlier copy had left was lifted");
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({
      exitCode: 0,
      verified: true,
      rows: 60_000,
    });
    expect(await canWrite(source)).toBe(true);
  });

  it("opens the old database when it is interrupted", async () => {
    const { source, to } = await aCopy(
      `CREATE TABLE t (id int, note text); INSERT INTO t SELECT i, repeat('e', 900) FROM generate_series(1, 100000) i`,
    );
    expect(await killWhen(/copying t/, adminUrl(source), { to, with: "SIGINT" })).toBe(1);
    expect(await canWrite(source)).toBe(true);
  });

  it("opens the old database when the copy fails", async () => {
    const { source, to } = await aCopy(
      `CREATE TABLE t (id int, note text); INSERT INTO t SELECT i, repeat('e', 900) FROM generate_series(1, 200000) i`,
    );
    const running = godwitCopy(["--json"], adminUrl(source), to);
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%TO STDOUT%' AND datname = ${escapeLiteral(source.database)}`;
    const besideIt = adminUrl({ ...source, database: "postgres" }); // The fence ends every other session of the database itself.
    await until(async () => (await querySql(besideIt, kill)).length, {
      what: "a COPY",
      everyMs: 5,
      timeoutMs: 60_000,
    });
    const run = await running;
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({
      exitCode: 1,
      type: "failed",
      code: "connection-lost",
    });
    expect(await canWrite(source)).toBe(true);
    await querySql(adminUrl(source), "SELECT 1");
  });

  it("refuses what makes no sense with exit code 2, and shows no password", async () => {
    const { source, to } = await aCopy("CREATE TABLE t (a int)");
    const wrong = new URL(adminUrl(source));
    wrong.password = "tr0ub4dor-canary";
    const cases: [Promise<Run>, number, RegExp][] = [
      [runGodwit(["copy"], { folder, environment: {} }), 2, /needs --from/],
      [godwitCopy([], adminUrl(source)), 2, /needs --to/],
      [godwitCopy(["--jobs", "0"], adminUrl(source), to), 2, /whole number/],
      [godwitCopy(["--engine", "dbase"], adminUrl(source), to), 2, /no engine/],
      [godwitCopy([], wrong.href, to), 1, /login/],
    ];
    for (const [running, exitCode, sentence] of cases) {
      const run = await running;
      expect({ exitCode: run.exitCode, text: run.stderr + run.stdout }).toEqual({
        exitCode,
        text: expect.stringMatching(sentence),
      });
      expect(run.stderr + run.stdout).not.toMatch(/tr0ub4dor/);
    }
  });

  it("writes no password into its note, or into the arguments of its children", async () => {
    const { source, to } = await aCopy("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
    expect((await godwitCopy(["--json"], adminUrl(source), to)).stderr).toBe("");
    const notes = join(folder, ".godwit", "copies");
    const texts = await Promise.all(
      (await readdir(notes)).map((name) => readFile(join(notes, name), "utf8")),
    );
    const secrets = [adminUrl(source), to].map((url) => new URL(url).password);
    for (const secret of secrets) expect(texts.join()).not.toContain(secret);
    await godwitCopy(["--unfence"], adminUrl(source));
  });
});
