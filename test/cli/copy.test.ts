import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { escapeLiteral } from "pg";
import { describe, expect, it } from "vitest";
import { adminUrl } from "../engines/postgresql/database-urls.ts";
import { readContent } from "../engines/postgresql/read-content.ts";
import { FILLED } from "../engines/postgresql/seed.ts";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { type CopySubject, canWrite, lastLine, useCopies } from "./copy-support.ts";
import { type Run, runGodwit } from "./run-godwit.ts";

const copies = useCopies();

/** Starts a copy in a process of its own and kills it as soon as it has reported what is asked for. */
async function killWhen(
  line: RegExp,
  subject: CopySubject,
  name: NodeJS.Signals = "SIGKILL",
): Promise<number | null> {
  const running = copies.start(["--jobs", "1"], subject);
  await running.seen(line);
  running.signal(name);
  return (await running.ended).exitCode;
}

describe("godwit copy", () => {
  it("copies, proves, leaves the old database read-only, and opens it when asked", async () => {
    const { source, from, to, target } = await copies.make(FILLED);
    const run = await copies.run(["--json"], from, to);
    expect(run).toEqual({ exitCode: 0, stderr: "", stdout: expect.stringContaining('"type":"report"') });
    const report = lastLine(run);
    expect(report).toMatchObject({ type: "report", verified: true, fenced: true });
    for (const key of ["rows", "bytes", "seconds", "readOnlySeconds"]) expect(report[key]).toBeGreaterThan(0);
    expect(await readContent(target)).toEqual(await readContent(source));
    expect(await canWrite(source)).toBe(false);
    expect(await canWrite(target)).toBe(true); // With the password that the owner has on the old server.

    const again = await copies.run(["--json"], from, to);
    expect({ exitCode: again.exitCode, code: lastLine(again)["code"] }).toEqual({
      exitCode: 2,
      code: "owner-exists",
    });
    expect(await copies.run(["--unfence"], from)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("accepts writes again"),
    });
    expect(await canWrite(source)).toBe(true);
    expect(
      (await readdir(join(copies.folder(), ".godwit", "copies"))).filter((name) => !name.endsWith(".lease")),
    ).toEqual([]);
  });

  it("goes on after a SIGKILL without copying again what is whole", async () => {
    const subject = await copies.make(
      `CREATE TABLE early (id int PRIMARY KEY, note text); INSERT INTO early SELECT i, repeat('e', 500) FROM generate_series(1, 60000) i;
       CREATE TABLE late (id int PRIMARY KEY, note text); INSERT INTO late SELECT i, repeat('l', 200) FROM generate_series(1, 60000) i;
       CREATE TABLE tiny (a int); INSERT INTO tiny VALUES (1); SELECT lo_from_bytea(77, 'abc')`,
    );
    const { source, from, to, target } = subject;
    await killWhen(/"label":"[^"]*copying late/, subject);
    expect(await canWrite(source)).toBe(false);
    const oid = `SELECT pg_relation_filenode('public.early')::text AS file`;
    const [before] = await querySql<{ file: string }>(adminUrl(target), oid);

    const run = await copies.run(["--json", "--resume", "--unfence"], from, to);

    expect({ exitCode: run.exitCode, ...lastLine(run) }).toEqual(
      expect.objectContaining({ exitCode: 0, verified: true, fenced: false, rows: 120_001 }),
    );
    expect(await querySql(adminUrl(target), oid)).toEqual([before]);
    expect(await canWrite(source)).toBe(true);
    expect(await readContent(target)).toEqual(await readContent(source));
  });

  it("opens the old database that a dead run has left, and starts anew, when it is not to go on", async () => {
    const subject = await copies.make(
      `CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t SELECT i, repeat('e', 500) FROM generate_series(1, 60000) i`,
    );
    const { source, from, to } = subject;
    await killWhen(/"label":"[^"]*copying t/, subject);
    const run = await copies.run(["--json", "--unfence"], from, to);
    expect(run.stdout).toContain("earlier copy had left was lifted");
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({
      exitCode: 0,
      verified: true,
      rows: 60_000,
    });
    expect(await canWrite(source)).toBe(true);
  });

  it("opens the old database when it is interrupted", async () => {
    const subject = await copies.make(
      `CREATE TABLE t (id int, note text); INSERT INTO t SELECT i, repeat('e', 900) FROM generate_series(1, 100000) i`,
    );
    const { source } = subject;
    expect(await killWhen(/copying t/, subject, "SIGINT")).toBe(1);
    expect(await canWrite(source)).toBe(true);
  });

  it("opens the old database when the copy fails", async () => {
    const subject = await copies.make(
      `CREATE TABLE t (id int, note text); INSERT INTO t SELECT i, repeat('e', 900) FROM generate_series(1, 200000) i`,
    );
    const { source, from, to } = subject;
    const running = copies.run(["--json"], from, to);
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
    const { from, to } = await copies.make("CREATE TABLE t (a int)");
    const wrong = new URL(from);
    wrong.password = "tr0ub4dor-canary";
    const cases: [Promise<Run>, number, RegExp][] = [
      [runGodwit(["copy"], { folder: copies.folder(), environment: {} }), 2, /needs --from/],
      [copies.run([], from), 2, /needs --to/],
      [copies.run(["--jobs", "0"], from, to), 2, /whole number/],
      [copies.run(["--engine", "dbase"], from, to), 2, /no engine/],
      [copies.run([], wrong.href, to), 1, /login/],
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
    const { from, to } = await copies.make("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
    expect((await copies.run(["--json"], from, to)).stderr).toBe("");
    const notes = join(copies.folder(), ".godwit", "copies");
    const texts = await Promise.all(
      (await readdir(notes)).map((name) => readFile(join(notes, name), "utf8")),
    );
    const secrets = [from, to].map((url) => new URL(url).password);
    for (const secret of secrets) expect(texts.join()).not.toContain(secret);
    await copies.run(["--unfence"], from);
  });
});
