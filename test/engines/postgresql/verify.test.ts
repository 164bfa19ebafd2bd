import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DatabasePair, FenceHold } from "../../../src/core/ports/engine.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";
import { anEngine, aPair, aPlan } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const HOLDER = "godwit mig_verify";

const SCHEMA = `
CREATE TABLE whole (id int PRIMARY KEY, note text); INSERT INTO whole SELECT g, 'secret' || g FROM generate_series(1, 3000) g;
CREATE TABLE long (id uuid PRIMARY KEY, note text); INSERT INTO long SELECT md5(g::text)::uuid, 'n' FROM generate_series(1, 500) g;
CREATE TABLE names (name text, part int, note text, PRIMARY KEY (name, part)); INSERT INTO names SELECT 'secret' || g, g, 'n' FROM generate_series(101, 400) g;
CREATE TABLE bare (note text); INSERT INTO bare SELECT 'secret' || g FROM generate_series(1, 100) g;
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE exact (id int PRIMARY KEY, n numeric, f float8, i interval, ns numeric[], l text COLLATE loose, z timetz);
INSERT INTO exact VALUES (7, 1.50, '-0', '1 mon', '{1.50}', 'Secret', '12:00+00');
CREATE TYPE mood AS ENUM ('sad'); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '0'); CREATE SEQUENCE s;
CREATE TRIGGER tr BEFORE INSERT ON whole FOR EACH ROW EXECUTE FUNCTION f(); CREATE STATISTICS st (ndistinct) ON id, note FROM whole;
CREATE TEXT SEARCH CONFIGURATION words (COPY = pg_catalog.simple); CREATE POLICY p ON whole USING (id > 0);
GRANT SELECT, INSERT ON whole TO pg_monitor; GRANT UPDATE (note) ON whole TO PUBLIC; GRANT USAGE ON TYPE mood TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; COMMENT ON COLUMN whole.note IS 'about'; REVOKE DELETE ON bare FROM CURRENT_USER;
SELECT lo_from_bytea(77, 'abc'), lo_from_bytea(78, 'abc');
`;

let pair: DatabasePair;
let hold: FenceHold;
let undo: Awaited<ReturnType<typeof engine.planFence>>;

beforeAll(async () => {
  pair = await aPair([15, 18], SCHEMA);
  await querySql(
    adminUrl(pair.source),
    `ALTER DATABASE "${pair.source.database.replaceAll('"', '""')}" SET work_mem = '9MB'; COMMENT ON DATABASE "${pair.source.database.replaceAll('"', '""')}" IS 'the shop'`,
  );
  await engine.provision(pair, aPlan(), aCall());
  await engine.copySchema(pair, aCall());
  undo = await engine.planFence(pair.source, signal);
  hold = await engine.fence(pair.source, undo, HOLDER, aCall());
  await engine.copyData(pair, hold, aCall());
});

afterAll(async () => {
  await hold?.release();
  await engine.drop(pair.target, signal);
  await engine.drop(pair.source, signal);
});

/** What verification says after a change of the copy, which is taken back. */
async function saidAfter(change: string, back: string): Promise<string> {
  const names: Readonly<Record<string, string>> = {
    "{owner}": `"${pair.target.username.replaceAll('"', '""')}"`,
    "{database}": `"${pair.target.database}"`,
  };
  const run = (sql: string) =>
    querySql(
      adminUrl(pair.target),
      `SET search_path = public; ${sql.replace(/\{\w+\}/g, (name) => names[name] ?? name)}`,
    );
  await run(change);
  const error = await engine.verify(pair, hold, aCall()).catch((each: unknown) => each);
  await run(back);
  expect(error).toMatchObject({ code: "verification-mismatch" });
  return (error as Error).message;
}

describe("verification of a true copy", () => {
  it("finds nothing, and leaves nothing out", async () => {
    const proof = await engine.verify(pair, hold, aCall());
    expect(proof).toMatchObject({ tables: 5, hashedTables: 5, rows: 3901, notVerified: [] });
  });
});

describe("verification notices", () => {
  it.each([
    [
      "a lost grant",
      "REVOKE INSERT ON whole FROM pg_monitor",
      "GRANT INSERT ON whole TO pg_monitor",
      "grant on table public.whole to pg_monitor",
    ],
    [
      "an added grant",
      "GRANT SELECT ON bare TO PUBLIC",
      "REVOKE SELECT ON bare FROM PUBLIC",
      "grant on table public.bare to PUBLIC",
    ],
    [
      "a lost grant on a column",
      "REVOKE UPDATE (note) ON whole FROM PUBLIC",
      "GRANT UPDATE (note) ON whole TO PUBLIC",
      "column public.whole.note to PUBLIC",
    ],
    [
      "a right that the owner had given up",
      "GRANT DELETE ON bare TO {owner}",
      "REVOKE DELETE ON bare FROM {owner}",
      "owner's right on table public.bare",
    ],
    [
      "a lost grant on a type",
      "REVOKE USAGE ON TYPE mood FROM pg_monitor",
      "GRANT USAGE ON TYPE mood TO pg_monitor",
      "type public.mood to pg_monitor",
    ],
    [
      "a lost default privilege",
      "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE SELECT ON TABLES FROM pg_monitor",
      "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO pg_monitor",
      "default privilege * r to pg_monitor",
    ],
    [
      "another owner",
      "ALTER TABLE bare OWNER TO postgres",
      "ALTER TABLE bare OWNER TO {owner}",
      "owner table public.bare",
    ],
    [
      "a changed comment",
      "COMMENT ON COLUMN whole.note IS 'x'",
      "COMMENT ON COLUMN whole.note IS 'about'",
      "comment table column public.whole.note",
    ],
    [
      "a lost comment on the database",
      "COMMENT ON DATABASE {database} IS NULL",
      "COMMENT ON DATABASE {database} IS 'the shop'",
      "database comment",
    ],
    [
      "a lost setting",
      "ALTER DATABASE {database} RESET work_mem",
      "ALTER DATABASE {database} SET work_mem = '9MB'",
      "setting database work_mem",
    ],
    [
      "a replica trigger",
      "ALTER TABLE whole ENABLE REPLICA TRIGGER tr",
      "ALTER TABLE whole ENABLE TRIGGER tr",
      "trigger public.whole.tr",
    ],
    [
      "a changed policy",
      "ALTER POLICY p ON whole USING (id > 1)",
      "ALTER POLICY p ON whole USING (id > 0)",
      "policy public.whole.p",
    ],
    [
      "another statistics target",
      "ALTER STATISTICS st SET STATISTICS 9",
      "ALTER STATISTICS st SET STATISTICS -1",
      "statistics public.st",
    ],
    [
      "a changed text search configuration",
      "ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR word WITH english_stem",
      "ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR word WITH simple",
      "text search configuration public.words",
    ],
    [
      "a strange event trigger",
      "CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER et ON sql_drop EXECUTE FUNCTION et(); ALTER EVENT TRIGGER et DISABLE",
      "DROP EVENT TRIGGER et; DROP FUNCTION et",
      "event trigger et",
    ],
    ["a strange publication", "CREATE PUBLICATION pub", "DROP PUBLICATION pub", "publication pub"],
    [
      "another storage",
      "ALTER TABLE whole ALTER note SET STORAGE EXTERNAL",
      "ALTER TABLE whole ALTER note SET STORAGE EXTENDED",
      "column public.whole.note",
    ],
    ["a changed large object", "SELECT lo_put(78, 0, 'x')", "SELECT lo_put(78, 0, 'a')", "(such as 78)"],
    [
      "a lost decimal place",
      "UPDATE exact SET n = 1.5",
      "UPDATE exact SET n = 1.50",
      '"public"."exact" (id 7)',
    ],
    ["a place less in an array", "UPDATE exact SET ns = '{1.5}'", "UPDATE exact SET ns = '{1.50}'", "(id 7)"],
    ["a lost sign of zero", "UPDATE exact SET f = 0", "UPDATE exact SET f = '-0'", "(id 7)"],
    ["thirty days for a month", "UPDATE exact SET i = '30 days'", "UPDATE exact SET i = '1 mon'", "(id 7)"],
    [
      "another letter that the collation holds for equal",
      "UPDATE exact SET l = 'sECRET'",
      "UPDATE exact SET l = 'Secret'",
      "(id 7)",
    ],
  ])("%s", async (_, change, back, named) => {
    expect(await saidAfter(change, back)).toContain(named);
  });
});

describe("rows that differ are located", () => {
  it.each([
    [
      "by a key",
      "UPDATE whole SET note = 'x' WHERE id = 1234",
      "UPDATE whole SET note = 'secret1234' WHERE id = 1234",
      "(id 1234)",
    ],
    [
      "by ranges of keys",
      "DELETE FROM whole WHERE id BETWEEN 500 AND 509 OR id = 3000",
      "INSERT INTO whole SELECT g, 'secret' || g FROM generate_series(500, 509) g UNION ALL SELECT 3000, 'secret3000'",
      "(id 500 to 509, 10 rows in the old and 0 in the new; id 3000, 1 rows in the old and 0 in the new)",
    ],
    [
      "beyond the keys of the original",
      "INSERT INTO whole VALUES (2000000000, 'secret')",
      "DELETE FROM whole WHERE id = 2000000000",
      "(id 2000000000, 0 rows in the old and 1 in the new)",
    ],
    [
      "by a UUID",
      "UPDATE long SET note = 'x' WHERE id = md5('7')::uuid",
      "UPDATE long SET note = 'n' WHERE id = md5('7')::uuid",
      "(id 8f14e45f-ceea-167a-5a36-dedd4bea2543)",
    ],
    [
      "by the position where the key is text",
      "UPDATE names SET note = 'x' WHERE part = 105",
      "UPDATE names SET note = 'n' WHERE part = 105",
      "(row 5 in the order of its key)",
    ],
    [
      "by the position where there is no key",
      "DELETE FROM bare WHERE note = 'secret9'",
      "INSERT INTO bare VALUES ('secret9')",
      "(row 9 as they are stored, 1 rows in the old and 0 in the new)",
    ],
  ])("%s", async (_, change, back, named) => {
    const said = await saidAfter(change, back);
    expect(said).toContain(named);
    expect(said).not.toContain("secret");
  });

  it("by a few ranges when they are everywhere", async () => {
    const said = await saidAfter(
      "UPDATE whole SET note = note || '!' WHERE id % 100 = 0",
      "UPDATE whole SET note = 'secret' || id WHERE id % 100 = 0",
    );
    expect(said).toMatch(/"whole" \(id \d+ to \d+; id \d+ to \d+; id \d+ to \d+; \d+ more ranges\)/);
  });
});
