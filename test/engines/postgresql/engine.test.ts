import { Client } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { aDatabase, anEngine, aPair, aPlan } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const made: DatabaseAccess[] = [];
const HOLDER = "godwit mig_test";

afterEach(async () => {
  for (const database of made.splice(0)) await engine.drop(database, signal);
});

async function aMadePair(
  sql: string,
  majors: readonly [15 | 17 | 18, 15 | 17 | 18] = [15, 18],
): Promise<DatabasePair> {
  const pair = await aPair(majors, sql);
  made.push(pair.source, pair.target);
  return pair;
}

async function asAdmin(database: DatabaseAccess, sql: string): Promise<void> {
  await querySql(adminUrl(database), sql);
}

describe("provisioning", () => {
  it("carries over settings, extensions and locale, and keeps others out", async () => {
    const pair = await aMadePair("CREATE TABLE t (a int)");
    await asAdmin(pair.source, "CREATE SCHEMA ext; CREATE EXTENSION pgcrypto SCHEMA ext");
    await engine.provision(pair, aPlan({ connections: 7 }), aCall());
    const [row] = await querySql<Record<string, unknown>>(
      appUrl(pair.target),
      `SELECT current_setting('search_path') AS path, current_setting('default_transaction_read_only') AS "readOnly",
         datconnlimit AS "limit", pg_get_userbyid(datdba) AS owner, datacl::text AS acl,
         (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgcrypto') AS extension
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(row).toMatchObject({ path: 'public, "q""s"', readOnly: "off", limit: 7, extension: "ext" });
    expect(row?.["owner"]).toBe(pair.target.username);
    expect(row?.["acl"]).not.toMatch(/[{,]=/);
  });

  it("refuses names that somebody else has", async () => {
    const pair = await aMadePair("");
    const theirs = await aDatabase(18);
    made.push(theirs);
    const taken = { ...pair.target, database: theirs.database };
    const attempt = engine.provision({ ...pair, target: taken }, aPlan(), aCall());
    await expect(attempt).rejects.toMatchObject({ code: "target-taken" });
    made.splice(1, 1);
  });
});

describe("copying a schema", () => {
  it("leaves out grants to roles that the target lacks, and gives everything to the new owner", async () => {
    const pair = await aMadePair("CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY");
    const reader = `only_${pair.source.database.slice(-8)}`;
    await asAdmin(
      pair.source,
      `CREATE ROLE ${reader}; GRANT SELECT ON t TO ${reader}; CREATE POLICY p ON t TO ${reader} USING (true); CREATE TABLE admins (a int)`,
    );
    await engine.provision(pair, aPlan(), aCall());
    await engine.copySchema(pair, aCall());
    const undo = await engine.planFence(pair.source, signal);
    const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
    await engine.copyData(pair, hold, aCall());
    await engine.verify(pair, hold, aCall());
    await engine.unfence(pair.source, undo, HOLDER, signal);
    const owners = await querySql(
      appUrl(pair.target),
      "SELECT DISTINCT pg_get_userbyid(relowner) AS o FROM pg_class WHERE relname IN ('t', 'admins')",
    );
    expect(owners).toEqual([{ o: pair.target.username }]);
    await asAdmin(pair.source, `DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
  });

  it("gives a copy that starts anew under the fence the rights that the fence has taken", async () => {
    const pair = await aMadePair(
      `CREATE TABLE t (a int, note text); CREATE TABLE own (a int); CREATE SEQUENCE s;
       GRANT SELECT, INSERT ON t TO pg_monitor; GRANT UPDATE (note) ON t TO PUBLIC; GRANT USAGE ON SEQUENCE s TO pg_monitor;
       REVOKE DELETE ON own FROM CURRENT_USER; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one`,
    );
    await asAdmin(
      pair.source,
      "CREATE TABLE public.of_another (id int); CREATE TABLE public.kept (id int); REVOKE DELETE ON public.kept FROM CURRENT_USER",
    );
    await engine.provision(pair, aPlan(), aCall());
    await engine.copySchema(pair, aCall());
    const undo = await engine.planFence(pair.source, signal);
    const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
    const rightsOf = () =>
      querySql(
        appUrl(pair.target),
        `SELECT has_table_privilege('pg_monitor', 't', 'INSERT') AS insert, has_table_privilege('pg_monitor', 't', 'DELETE') AS none,
           has_column_privilege('pg_monitor', 't', 'note', 'UPDATE') AS "column", has_sequence_privilege('pg_monitor', 's', 'USAGE') AS sequence,
           has_table_privilege('t', 'INSERT, DELETE, TRUNCATE') AS own, has_table_privilege('own', 'DELETE') AS revoked,
           has_table_privilege('of_another', 'INSERT, DELETE') AS another, has_table_privilege('kept', 'DELETE') AS kept,
           has_table_privilege('t', 'MAINTAIN') AS maintain`,
      );
    const right = { insert: true, column: true, sequence: true, own: true, another: true };
    const expected = { ...right, none: false, revoked: false, kept: false };
    for (const _ of ["first", "anew"]) {
      await engine.copyData(pair, hold, aCall());
      expect(await rightsOf()).toMatchObject([expected]);
      expect(await rightsOf()).toMatchObject([{ maintain: true }]);
    }
    await engine.verify(pair, hold, aCall());
    await engine.unfence(pair.source, undo, HOLDER, signal);
  });

  it("names the object that the new server refuses", async () => {
    const pair = await aMadePair("");
    await asAdmin(
      pair.source,
      "CREATE FUNCTION public.cheat(int) RETURNS int LANGUAGE internal AS 'int4abs'",
    );
    await engine.provision(pair, aPlan(), aCall());
    const error = await engine.copySchema(pair, aCall()).catch((each: unknown) => each);
    expect(error).toMatchObject({
      code: "schema-restore-failed",
      summary: expect.stringContaining("public.cheat"),
    });
  });
});

describe("verification", () => {
  it.each([
    ["a dropped index", "DROP INDEX i", "i"],
    ["a disabled trigger", "ALTER TABLE t DISABLE TRIGGER tr", "tr"],
    ["a moved sequence", "SELECT nextval('s')", "s"],
    ["an extra table", "CREATE TABLE stranger ()", "stranger"],
    ["a changed default", "ALTER TABLE t ALTER note SET DEFAULT 'y'", "note"],
    [
      "a changed function",
      "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
      "f()",
    ],
    ["a changed large object", "SELECT lo_put(77, 1, 'x')", "large objects"],
    ["a doubled row", "INSERT INTO d SELECT * FROM d", "d"],
    ["rows that cancel each other", "UPDATE d SET a = 5 WHERE a < 3", "d"],
    ["json in another order", `UPDATE j SET v = '{"b":1,"a":2}'`, "j"],
    ["a type that a binary copy would not keep", "UPDATE j SET e = 'x'", "j"],
  ])("notices %s", async (_, change, named) => {
    const pair = await aMadePair(
      `CREATE TABLE t (id int, note text DEFAULT 'x'); CREATE INDEX i ON t (id); CREATE SEQUENCE s;
       CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); SELECT lo_from_bytea(77, 'abc');
       CREATE TABLE d (a int); INSERT INTO d VALUES (1), (1), (2), (2);
       CREATE TYPE en AS ENUM ('x', 'y'); CREATE TABLE j (v json, e en); INSERT INTO j VALUES ('{"a":2,"b":1}', 'y')`,
      [15, 18],
    );
    await engine.provision(pair, aPlan(), aCall());
    await engine.copySchema(pair, aCall());
    const undo = await engine.planFence(pair.source, signal);
    const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
    await engine.copyData(pair, hold, aCall());
    const proof = await engine.verify(pair, hold, aCall());
    expect(proof.notVerified).toEqual([]);
    await querySql(appUrl(pair.target), `SET search_path = public; ${change}`);
    const error = (await engine.verify(pair, hold, aCall()).catch((each: unknown) => each)) as Error;
    expect(error).toMatchObject({ code: "verification-mismatch" });
    expect(error.message).toContain(named);
    await engine.unfence(pair.source, undo, HOLDER, signal);
  });
});

describe("the fence of a busy database", () => {
  it("refuses also what runs with a superuser's rights", async () => {
    const { source } = await aMadePair("CREATE TABLE t (a int)");
    await asAdmin(
      source,
      "CREATE FUNCTION public.trap() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO public.t VALUES (1)'",
    );
    const undo = await engine.planFence(source, signal);
    const hold = await engine.fence(source, undo, HOLDER, aCall());
    const write = querySql(appUrl(source), "BEGIN READ WRITE; SELECT public.trap(); COMMIT");
    await expect(write).rejects.toMatchObject({ code: "55P03" });
    await engine.proveFence(source, hold, signal);
    await engine.unfence(source, undo, HOLDER, signal);
    await querySql(appUrl(source), "SELECT public.trap()");
  });

  it("leaves no pool with read-only sessions when it goes, and ends none when it is gone", async () => {
    const { source } = await aMadePair("CREATE TABLE t (a int)");
    const undo = await engine.planFence(source, signal);
    const hold = await engine.fence(source, undo, HOLDER, aCall());
    const pooled = new Client({ connectionString: appUrl(source) });
    const ended = new Promise<void>((done) => pooled.on("error", () => undefined).once("end", done));
    await pooled.connect();
    await expect(pooled.query("INSERT INTO t VALUES (1)")).rejects.toThrow();
    await engine.unfence(source, undo, HOLDER, signal);
    await ended;
    const later = new Client({ connectionString: appUrl(source) });
    await later.connect();
    await engine.unfence(source, undo, HOLDER, signal);
    await later.query("INSERT INTO t VALUES (1)");
    await later.end();
    await hold.release();
  });

  it("ends long transactions, and is proved although the pool has taken every connection", async () => {
    const { source } = await aMadePair("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
    const writer = new Client({ connectionString: appUrl(source) });
    writer.on("error", () => undefined);
    await writer.connect();
    await writer.query("BEGIN; UPDATE t SET a = 2");
    const undo = await engine.planFence(source, signal);
    const hold = await engine.fence(source, undo, HOLDER, aCall());
    await expect(writer.query("COMMIT")).rejects.toThrow();
    await querySql(
      source.server.adminUrl.reveal(),
      `ALTER ROLE "${source.username.replaceAll('"', '""')}" CONNECTION LIMIT 1`,
    );
    const pool = new Client({ connectionString: appUrl(source) });
    await pool.connect();
    await engine.proveFence(source, hold, signal);
    expect(await engine.connectedSince(source, signal)).toBeInstanceOf(Date);
    await pool.end();
    const [row] = await querySql<{ a: number }>(adminUrl(source), "SELECT a FROM t");
    expect(row?.a).toBe(1);
    await engine.unfence(source, undo, HOLDER, signal);
  });
});

describe("secrets", () => {
  it("are in no error, even when the server refuses the login", async () => {
    const source = await aDatabase(15);
    made.push(source);
    const wrong = new URL(source.server.adminUrl.reveal());
    wrong.password = "hunter2-wrong";
    const server = { id: "wrong", adminUrl: new Secret(wrong.href) };
    const error = (await engine
      .inspect({ ...source, server }, signal)
      .catch((each: unknown) => each)) as Error;
    expect(error).toMatchObject({ code: "login-refused", class: "permanent" });
    expect(`${error.message} ${String(error.cause)} ${error.stack}`).not.toContain("hunter2");
  });
});
