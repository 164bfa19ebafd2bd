import { Client } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import type { Finding } from "../../../src/core/preflight.ts";
import { Secret } from "../../../src/core/secret.ts";
import { type Check, type CheckContext, LIMITS } from "../../../src/engines/postgresql/preflight/check.ts";
import { localeChecks } from "../../../src/engines/postgresql/preflight/locale-checks.ts";
import { preflight } from "../../../src/engines/postgresql/preflight/preflight.ts";
import { serverChecks } from "../../../src/engines/postgresql/preflight/server-checks.ts";
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
    const { source } = await aMadePair(`
      CREATE TYPE mood AS ENUM ('calm', 'worried');
      CREATE TYPE span AS RANGE (subtype = float8);
      CREATE DOMAIN positive AS int CHECK (VALUE > 0);
      CREATE TABLE t (id int PRIMARY KEY, note text, mood mood, span span, size positive)`);
    expect(await preflightOf(source)).toEqual({});
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
    expect(findings["read-only-users"]?.summary).toContain(reader);
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

  it("warns when a copy leaves little room on the disk", async () => {
    const { source } = await aMadePair("CREATE TABLE t (id int PRIMARY KEY)");
    const { usedBytes } = await engine.inspect(source, signal);
    const findings = await preflightOf(source, 18, aPlan({ diskBytes: usedBytes * 1.5 }));
    expect(findings["disk"]).toMatchObject({
      level: "warning",
      remedy: expect.stringMatching(/^Pick a plan/),
    });
  });

  it("reports what a server of its own settings cannot do", async () => {
    const settings = {
      max_prepared_transactions: "2",
      max_connections: "10",
      max_locks_per_transaction: "10",
      max_replication_slots: "0",
      wal_level: "replica",
      shared_preload_libraries: "auto_explain",
    };
    const server = await startEmbeddedPostgres({
      binaries: "embedded-postgres-15",
      superuserPassword: "x",
      settings,
    });
    const access = { id: "own", adminUrl: new Secret(server.url) };
    const source = { server: access, database: "postgres", username: "postgres", password: new Secret("x") };
    const makeTables = (from: number, to: number) =>
      querySql(
        server.url,
        `DO $$ BEGIN FOR i IN ${from}..${to} LOOP EXECUTE format('CREATE TABLE t%s ()', i); COMMIT; END LOOP; END $$`,
      );
    await makeTables(1, 130);
    await querySql(server.url, "BEGIN; INSERT INTO t1 DEFAULT VALUES; PREPARE TRANSACTION 'half done'");
    const findings = await preflightOf(source);
    const targetServer = { id: "target", adminUrl: new Secret(await postgresUrl(18)) };
    const input = { source, targetServer, targetPlan: aPlan() };
    const live = await preflight(input, signal, { strategy: "live" });
    await makeTables(131, 310);
    const crowded = await preflightOf(source);
    await server.stop();
    expect(findings["prepared-transactions"]).toMatchObject({
      level: "blocker",
      summary: expect.stringContaining("half done"),
    });
    expect(findings["lock-table"]?.level).toBe("warning");
    expect(crowded["lock-table"]?.level).toBe("blocker");
    expect(findings["preloaded-libraries"]?.summary).toContain("auto_explain");
    for (const check of ["wal-level", "free-slots"]) {
      expect(live.find((finding) => finding.check === check)?.level).toBe("blocker");
      expect(findings[check]).toBeUndefined();
    }
  });
});

describe("a check of the servers", () => {
  /** Real servers, except for what these answer. */
  async function contextWith(facts: Partial<CheckContext>): Promise<CheckContext> {
    const { source } = await aMadePair("");
    const targetServer = { id: "target", adminUrl: new Secret(await postgresUrl(18)) };
    const [from, to] = [adminUrl(source), targetServer.adminUrl.reveal()].map(
      (connectionString) => new Client({ connectionString }),
    ) as [Client, Client];
    await Promise.all([from.connect(), to.connect()]);
    opened.push(from, to);
    const input = { source, targetServer, targetPlan: aPlan() };
    const versions = { sourceVersion: 150_000, targetVersion: 180_000 };
    return { input, source: from, target: to, strategy: "dump", limits: LIMITS, ...versions, ...facts };
  }
  const opened: Client[] = [];
  afterEach(async () => {
    for (const client of opened.splice(0)) await client.end();
  });

  async function run(checks: readonly Check[], context: CheckContext): Promise<Record<string, Finding>> {
    const findings = (await Promise.all(checks.map((check) => check(context)))).flat();
    return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
  }

  /** A session that answers these queries itself. */
  function answering(answers: Readonly<Record<string, object>>): CheckContext["source"] {
    const query = async (text: string) => {
      const known = Object.entries(answers).find(([part]) => text.includes(part));
      return { rows: [known?.[1] ?? {}], rowCount: 1 };
    };
    return { query } as unknown as CheckContext["source"];
  }

  it("refuses a standby, and a version whose copy cannot be proved", async () => {
    const context = await contextWith({ sourceVersion: 130_000 });
    const source = answering({ pg_is_in_recovery: { standby: true }, canTake: {} });
    const found = await run(serverChecks.slice(0, 3), { ...context, source });
    expect(found["primary"]).toMatchObject({ level: "blocker", remedy: expect.stringContaining("primary") });
    expect(found["source-version"]?.level).toBe("blocker");
    expect(await run(serverChecks.slice(0, 3), await contextWith({}))).toEqual({});
  });

  it("warns when only the old server encrypts connections", async () => {
    const context = await contextWith({ source: answering({ "SHOW ssl": { ssl: "on" } }) });
    const found = await run(serverChecks.slice(4, 5), context);
    expect(found["encryption"]?.level).toBe("warning");
  });

  it("refuses a locale that the new machine lacks, and lets pass one that it has", async () => {
    const stored = {
      encoding: "SQL_ASCII",
      collate: "xx_XX.utf8",
      ctype: "C",
      provider: "libc",
      locale: null,
    };
    const context = await contextWith({});
    const found = await run(localeChecks.slice(0, 2), {
      ...context,
      source: answering({ datcollate: { locale: stored } }),
    });
    expect(found["locale"]).toMatchObject({
      level: "blocker",
      summary: expect.stringContaining("“xx_XX.utf8”"),
    });
    expect(found["encoding"]?.level).toBe("warning");
    expect(await run(localeChecks, context)).toEqual({});
  });
});
