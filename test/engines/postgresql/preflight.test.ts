import { Client } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { preflight } from "../../../src/engines/postgresql/preflight/preflight.ts";
import { createPgClientFinder } from "../../../src/engines/postgresql/tools.ts";
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

  it("refuses extensions that newer versions no longer bring", async () => {
    const source = await aDatabase(16);
    made.push(source);
    await asAdmin(source, "CREATE EXTENSION adminpack");
    expect((await preflightOf(source))["extensions"]).toEqual({
      check: "extensions",
      level: "blocker",
      summary: "The new server does not have these extensions: “adminpack”.",
      remedy: "Drop the extensions if nothing needs them, or pick another server.",
    });
  });

  it("refuses to begin without a pg_dump that knows both servers", async () => {
    const { source } = await aMadePair("");
    const targetServer = { id: "target", adminUrl: new Secret(await postgresUrl(18)) };
    const input = { source, targetServer, targetPlan: aPlan() };
    const find = createPgClientFinder({ env: {}, cwd: "/" });
    expect(await preflight(input, signal, { findClient: () => find(99) })).toMatchObject([
      {
        check: "pg-client-missing",
        level: "blocker",
        summary: "No pg_dump and pg_restore of PostgreSQL 99 or newer were found on Godwit's machine.",
        remedy: expect.stringMatching(/^Run `npm run tools`/),
      },
    ]);
  });

  it("refuses a target database that holds something", async () => {
    const { source } = await aMadePair("");
    const target = await aDatabase(18, "CREATE TABLE public.theirs ()");
    made.push(target);
    const order = {
      from: new Secret(adminUrl(source)),
      to: new Secret(adminUrl(target)),
      owner: target.username,
      ownerPassword: target.password,
      goesOn: false,
    };
    await expect(engine.openUrls?.(order, signal)).rejects.toMatchObject({
      code: "target-not-empty",
      summary: `The database ${target.database} is not empty.`,
      remedy: "Name a database that does not exist yet: Godwit makes it.",
    });
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
  });
});
