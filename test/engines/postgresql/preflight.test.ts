import { Client } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { startEmbeddedPostgres } from "../../../src/store/embedded/start-embedded-postgres.ts";
import { postgresUrl } from "../../support/shared-servers.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { aDatabase, anEngine, aPair, aPlan } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const made: DatabaseAccess[] = [];

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

async function preflightOf(source: DatabaseAccess, major: 15 | 18 = 18, plan = aPlan()) {
  const targetServer = { id: "target", adminUrl: new Secret(await postgresUrl(major)) };
  const findings = await engine.preflight({ source, targetServer, targetPlan: plan }, signal);
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

async function asAdmin(database: DatabaseAccess, sql: string): Promise<void> {
  await querySql(adminUrl(database), sql);
}

describe("preflight", () => {
  it("finds nothing wrong with an ordinary database", async () => {
    const { source } = await aMadePair("CREATE TABLE t (id int PRIMARY KEY, note text)");
    expect(await preflightOf(source)).toEqual({});
  });

  it.each([
    [
      "column-types",
      "blocker",
      "CREATE TYPE box2 AS (r regrole); CREATE DOMAIN d AS regrole; CREATE TABLE t (a d, b box2[])",
    ],
    ["unlogged-tables", "info", "CREATE UNLOGGED TABLE t (a int)"],
    ["large-objects", "info", "SELECT lo_create(0)"],
    ["row-security", "info", "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY"],
    ["not-valid-constraints", "info", "CREATE TABLE t (a int); ALTER TABLE t ADD CHECK (a > 0) NOT VALID"],
    ["publications", "warning", "CREATE PUBLICATION p"],
  ] as const)("reports %s", async (check, level, sql) => {
    const { source } = await aMadePair(sql);
    const finding = (await preflightOf(source))[check];
    expect(finding).toMatchObject({ check, level });
    expect(finding?.summary).toMatch(/^[A-Z].*\.$/s);
  });

  it.each([
    [
      "event-triggers",
      "warning",
      "CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER et_x ON ddl_command_end EXECUTE FUNCTION et(); ALTER EVENT TRIGGER et_x DISABLE",
    ],
    [
      "foreign-tables",
      "blocker",
      "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE f (a int) SERVER s",
    ],
    [
      "foreign-servers",
      "warning",
      "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
    ],
    ["superuser-objects", "blocker", "CREATE FUNCTION f(int) RETURNS int LANGUAGE internal AS 'int4abs'"],
    [
      "invalid-indexes",
      "warning",
      "CREATE TABLE t (a int); CREATE INDEX bad ON t (a); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'bad'::regclass",
    ],
  ] as const)("reports %s that a superuser made", async (check, level, sql) => {
    const { source } = await aMadePair("");
    await asAdmin(source, sql);
    expect((await preflightOf(source))[check]).toMatchObject({ check, level });
  });

  it("reports an older target, a small disk and too few connections", async () => {
    const source = await aDatabase(18);
    made.push(source);
    const app = new Client({ connectionString: appUrl(source) });
    await app.connect();
    const findings = await preflightOf(source, 15, aPlan({ diskBytes: 1_000_000, connections: 0 }));
    await app.end();
    expect(findings["version-order"]?.level).toBe("blocker");
    expect(findings["disk"]).toMatchObject({
      level: "blocker",
      remedy: expect.stringMatching(/^Pick a plan/),
    });
    expect(findings["connections"]?.level).toBe("warning");
  });

  it("names other users, and the extensions that the target lacks", async () => {
    const { source } = await aMadePair("CREATE TABLE t (a int)");
    const reader = `reader_${source.database.slice(-8)}`;
    await asAdmin(
      source,
      `CREATE ROLE ${reader} LOGIN; GRANT SELECT ON t TO ${reader}; CREATE EXTENSION pgcrypto; UPDATE pg_extension SET extname = 'nowhere' WHERE extname = 'pgcrypto'`,
    );
    const findings = await preflightOf(source);
    expect(findings["other-users"]?.summary).toContain(reader);
    expect(findings["extensions"]).toMatchObject({
      level: "blocker",
      summary: expect.stringContaining("nowhere"),
    });
    expect((await engine.inspect(source, signal)).otherUsers).toEqual([reader]);
    await asAdmin(
      source,
      `UPDATE pg_extension SET extname = 'pgcrypto' WHERE extname = 'nowhere'; DROP OWNED BY ${reader}; DROP ROLE ${reader}`,
    );
  });

  it("reports prepared transactions and a server that cannot lock all tables", async () => {
    const settings = {
      max_prepared_transactions: "2",
      max_connections: "10",
      max_locks_per_transaction: "10",
    };
    const server = await startEmbeddedPostgres({
      binaries: "embedded-postgres-15",
      superuserPassword: "x",
      settings,
    });
    const access = { id: "own", adminUrl: new Secret(server.url) };
    const source = { server: access, database: "postgres", username: "postgres", password: new Secret("x") };
    await querySql(
      server.url,
      "DO $$ BEGIN FOR i IN 1..130 LOOP EXECUTE format('CREATE TABLE t%s ()', i); COMMIT; END LOOP; END $$",
    );
    await querySql(server.url, "BEGIN; INSERT INTO t1 DEFAULT VALUES; PREPARE TRANSACTION 'half done'");
    const findings = await preflightOf(source);
    await server.stop();
    expect(findings["prepared-transactions"]).toMatchObject({
      level: "blocker",
      summary: expect.stringContaining("half done"),
    });
    expect(findings["lock-table"]?.level).toBe("blocker");
  });
});
