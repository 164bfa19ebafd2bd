import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import type { LossOptions } from "../../../src/core/ports/reversal.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { JsonObject } from "../../../src/core/step.ts";
import { close } from "../../../src/engines/postgresql/close.ts";
import { createReversal } from "../../../src/engines/postgresql/reversal.ts";
import { createTestDatabase, querySql, type TestDatabase } from "../../support/test-database.ts";

const reversal = createReversal(2);
const NEVER = new AbortController().signal;
const options: LossOptions = { call: { signal: NEVER, clock: systemClock, report: () => undefined } };
const SCHEMA = `
  CREATE SCHEMA shop;
  CREATE TABLE shop.items (id int PRIMARY KEY, name text);
  CREATE TABLE shop.quiet (id int);
  CREATE TABLE shop.emptied (id int);
  INSERT INTO shop.items SELECT n, 'item ' || n FROM generate_series(1, 100) n;
  INSERT INTO shop.quiet SELECT generate_series(1, 10);
  INSERT INTO shop.emptied SELECT generate_series(1, 7);`;

let [old, fresh]: TestDatabase[] = [];

beforeAll(async () => {
  [old, fresh] = await Promise.all([createTestDatabase({ major: 15 }), createTestDatabase({ major: 18 })]);
});

beforeEach(async () => {
  for (const database of [old, fresh])
    await querySql(database?.url ?? "", `DROP SCHEMA IF EXISTS shop CASCADE; ${SCHEMA}`);
});

afterAll(async () => {
  await Promise.all([old?.drop(), fresh?.drop()]);
});

function access(database: TestDatabase | undefined): DatabaseAccess {
  if (!database) throw new Error("there is no database");
  const server = { id: database.name, adminUrl: new Secret(database.url) };
  return { server, database: database.name, username: "postgres", password: new Secret("") };
}

const write = (sql: string) => querySql(fresh?.url ?? "", sql);
const pair = () => ({ now: access(fresh), before: access(old) });
const mark = () => reversal.mark(access(fresh), NEVER);

it("counts exactly which rows were inserted, changed and deleted since the mark", async () => {
  const since = await mark();
  await write(`INSERT INTO shop.items SELECT n, 'new' FROM generate_series(101, 103) n;
    UPDATE shop.items SET name = 'changed' WHERE id IN (1, 2);
    UPDATE shop.items SET name = 'changed twice' WHERE id = 2;
    DELETE FROM shop.items WHERE id IN (50, 51, 52, 53, 101);
    TRUNCATE shop.emptied;`);

  const loss = await reversal.loss(pair(), since, options);

  expect(loss).toMatchObject({ since: since["at"], written: 4, replaced: 13, notTold: [] });
  expect(loss.tables).toEqual([
    { table: "shop.items", written: 4, replaced: 6 },
    { table: "shop.emptied", written: 0, replaced: 7 },
  ]);
});

it("finds nothing where nobody wrote, whatever was read, rolled back, vacuumed or analysed", async () => {
  const since = await mark();
  await write("BEGIN; DELETE FROM shop.items; ROLLBACK");
  await write("VACUUM (FREEZE, ANALYZE) shop.items");
  await write("VACUUM FULL shop.quiet");

  expect(await reversal.loss(pair(), since, options)).toMatchObject({ written: 0, replaced: 0, tables: [] });
});

it("names tables that were made or dropped since", async () => {
  const since = await mark();
  await write("CREATE TABLE shop.added AS SELECT generate_series(1, 5) AS id; DROP TABLE shop.quiet;");

  const loss = await reversal.loss(pair(), since, options);

  expect(loss).toMatchObject({ written: 5, replaced: 10 });
  expect(loss.notTold).toEqual([
    "Table shop.added was made since the switch and is not in the old database.",
    "Table shop.quiet was dropped since the switch and is there again.",
  ]);
});

it.each<[string, JsonObject | null]>([
  ["no mark", null],
  ["a mark that is none", { xid: "1; DROP", at: "yesterday" }],
  ["a mark of a server's other life", { xid: "99999999999", at: "2026-01-01T00:00:00.000Z" }],
])("says that it cannot be told with %s", async (_, since) => {
  const loss = await reversal.loss(pair(), since, options);

  expect(loss).toMatchObject({ written: 0, replaced: 0 });
  expect(loss.notTold).toHaveLength(1);
  expect(loss.notTold[0]).toMatch(/^What was written since the switch cannot be counted\./);
});

it("says which tables it had no time for", async () => {
  const since = await mark();
  const loss = await reversal.loss(pair(), since, { ...options, limitMs: 1 });

  expect(loss.tables).toEqual([]);
  for (const text of loss.notTold) expect(text).toMatch(/^Table shop\.\w+ is too large to be counted now/);
});

it("lets those in again who could enter before a database was closed, and nobody else", async () => {
  const role = `guest_${old?.name}`;
  const entering = `SELECT has_database_privilege('${role}', '${old?.name}', 'CONNECT') AS may`;
  await querySql(
    old?.url ?? "",
    `CREATE ROLE ${role}; REVOKE CONNECT ON DATABASE ${old?.name} FROM PUBLIC;
    GRANT CONNECT ON DATABASE ${old?.name} TO ${role}`,
  );
  try {
    const entrance = await reversal.entrance(access(old), NEVER);
    await close(access(old), NEVER);
    expect(await querySql(old?.url ?? "", entering)).toEqual([{ may: false }]);

    for (const _ of [1, 2]) await reversal.reopen(access(old), { ...entrance }, NEVER);

    expect(await querySql(old?.url ?? "", entering)).toEqual([{ may: true }]);
    const open = `SELECT has_database_privilege('pg_monitor', '${old?.name}', 'CONNECT') AS may`;
    expect(await querySql(old?.url ?? "", open)).toEqual([{ may: false }]);
  } finally {
    await querySql(old?.url ?? "", `BEGIN READ WRITE; DROP OWNED BY ${role}; DROP ROLE ${role}; COMMIT`);
  }
});
