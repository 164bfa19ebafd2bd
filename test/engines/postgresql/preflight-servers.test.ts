import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import type { Finding } from "../../../src/core/preflight.ts";
import { Secret } from "../../../src/core/secret.ts";
import { type Check, type CheckContext, LIMITS } from "../../../src/engines/postgresql/preflight/check.ts";
import { localeChecks } from "../../../src/engines/postgresql/preflight/locale-checks.ts";
import { serverChecks } from "../../../src/engines/postgresql/preflight/server-checks.ts";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../../src/store/embedded/start-embedded-postgres.ts";
import { postgresUrl } from "../../support/shared-servers.ts";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { adminUrl } from "./database-urls.ts";
import { type Found, findingsOf, sharedServer } from "./live-findings.ts";
import { aDatabase, anEngine, aPlan } from "./make-subject.ts";
import { makeSelfSigned } from "./self-signed.ts";

const signal = new AbortController().signal;
const engine = anEngine();

function dumpFindings(source: DatabaseAccess, target: DatabaseAccess["server"]): Promise<Found> {
  return findingsOf(source, target, { strategy: "dump" });
}

describe("preflight of a server of its own", () => {
  let server: EmbeddedPostgres;
  let source: DatabaseAccess;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ binaries: "embedded-postgres-15", superuserPassword: "x" });
    const access = { id: "own", adminUrl: new Secret(server.url) };
    source = { server: access, database: "postgres", username: "postgres", password: new Secret("x") };
  });
  afterAll(() => server?.stop());

  /** Writes a file into the server's folder, as the server's own user. */
  async function write(file: string, text: string): Promise<void> {
    const program = `umask 077; cat > ${file}`;
    await querySql(
      server.url,
      `COPY (SELECT unnest(string_to_array('${text}', E'\\n'))) TO PROGRAM '${program}'`,
    );
  }

  it("warns when only the old server encrypts connections", async () => {
    expect((await dumpFindings(source, await sharedServer(18)))["encryption"]).toBeUndefined();
    const { key, certificate } = makeSelfSigned("own");
    await write("server.key", key);
    await write("server.crt", certificate);
    await querySql(server.url, "ALTER SYSTEM SET ssl = on");
    await querySql(server.url, "SELECT pg_reload_conf()");
    await until(async () => (await querySql<{ ssl: string }>(server.url, "SHOW ssl"))[0]?.ssl === "on", {
      what: "the server to encrypt",
    });
    expect((await dumpFindings(source, await sharedServer(18)))["encryption"]).toEqual({
      check: "encryption",
      level: "warning",
      summary: "The old server encrypts connections and the new one does not.",
      remedy: "Pick another server if the application's URL asks for TLS.",
    });
    expect((await dumpFindings(source, source.server))["encryption"]).toBeUndefined();
  });

  it("refuses a standby", async () => {
    await write("standby.signal", "");
    await server.restart();
    expect((await dumpFindings(source, await sharedServer(18)))["primary"]).toEqual({
      check: "primary",
      level: "blocker",
      summary: "Godwit is connected to a standby, which cannot be fenced.",
      remedy: "Give Godwit the primary's address.",
    });
  });
});

describe("preflight of a database that sorts in its own way", () => {
  let target: EmbeddedPostgres;
  const made: DatabaseAccess[] = [];
  beforeAll(async () => {
    target = await startEmbeddedPostgres({ superuserPassword: "x" });
  });
  afterEach(async () => {
    for (const source of made.splice(0))
      await querySql(source.server.adminUrl.reveal(), `DROP DATABASE ${source.database} WITH (FORCE)`);
  });
  afterAll(() => target?.stop());

  async function aSorted(major: 15 | 18, clauses: string, sql = ""): Promise<DatabaseAccess> {
    const server = await sharedServer(major);
    const database = `sorted_${randomBytes(4).toString("hex")}`;
    await querySql(server.adminUrl.reveal(), `CREATE DATABASE ${database} TEMPLATE template0 ${clauses}`);
    const source = { server, database, username: "postgres", password: new Secret("") };
    made.push(source);
    await querySql(adminUrl(source), sql);
    return source;
  }

  const GERMAN = "ENCODING UTF8 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'de'";
  const own = () => ({ id: "own", adminUrl: new Secret(target.url) });

  it("warns when it has no encoding", async () => {
    const source = await aSorted(15, "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
    expect((await dumpFindings(source, await sharedServer(18)))["encoding"]).toEqual({
      check: "encoding",
      level: "warning",
      summary: "The database has no encoding (SQL_ASCII): its text is copied byte by byte, unchecked.",
      remedy: "Nothing now. A database with an encoding can only be made by converting the text.",
    });
  });

  it("refuses a target whose version knows no built-in locales", async () => {
    const clauses = "ENCODING UTF8 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'";
    const source = await aSorted(18, clauses);
    const found = await dumpFindings(source, await sharedServer(15));
    expect(found["locale"]?.summary).toBe("The new server does not have the database's locale: “builtin”.");
    expect((await dumpFindings(source, await sharedServer(18)))["locale"]).toBeUndefined();
  });

  it("says that text sorts in another order, and warns where partitions depend on it", async () => {
    // The first of the collations that are left has another version than German has.
    await querySql(target.url, "DELETE FROM pg_collation WHERE colllocale = 'de'");
    const plain = await aSorted(15, GERMAN);
    expect((await dumpFindings(plain, await sharedServer(18)))["sort-order"]).toBeUndefined();
    expect((await dumpFindings(plain, own()))["sort-order"]).toMatchObject({
      level: "info",
      summary: expect.stringMatching(
        /^Text may sort in another order on the new server \(.+ there was, .+ there is\)\.$/,
      ),
    });
    const ranged = await aSorted(15, GERMAN, "CREATE TABLE ranged (t text) PARTITION BY RANGE (t)");
    expect((await dumpFindings(ranged, own()))["sort-order"]).toMatchObject({
      level: "warning",
      summary: expect.stringMatching(
        /Rows at the bounds of partitions by text may be refused: “(public\.)?ranged”\.$/,
      ),
      remedy: 'Partition by a column with COLLATE "C", or check the bounds.',
    });
  });

  it("refuses a target that was built without ICU", async () => {
    const source = await aSorted(15, GERMAN);
    expect((await dumpFindings(source, own()))["locale"]).toBeUndefined();
    await querySql(target.url, "DELETE FROM pg_collation WHERE collprovider = 'i'");
    expect((await dumpFindings(source, own()))["locale"]).toEqual({
      check: "locale",
      level: "blocker",
      summary: "The new server does not have the database's locale: “ICU”.",
      remedy: "Pick another server, or ask support to install the locale.",
    });
  });
});

describe("a check between two sessions", () => {
  const opened: Client[] = [];
  let source: DatabaseAccess;
  beforeAll(async () => {
    source = await aDatabase(15);
  });
  afterEach(async () => {
    for (const client of opened.splice(0)) await client.end();
  });
  afterAll(() => engine.drop(source, signal));

  async function contextWith(facts: Partial<CheckContext>): Promise<CheckContext> {
    const targetServer = { id: "target", adminUrl: new Secret(await postgresUrl(18)) };
    const open = async (connectionString: string): Promise<Client> => {
      const client = new Client({ connectionString });
      await client.connect();
      opened.push(client);
      return client;
    };
    const [from, to] = [await open(adminUrl(source)), await open(targetServer.adminUrl.reveal())];
    const input = { source, targetServer, targetPlan: aPlan() };
    const versions = { sourceVersion: 150_000, targetVersion: 180_000 };
    return { input, source: from, target: to, strategy: "dump", limits: LIMITS, ...versions, ...facts };
  }

  async function runAll(checks: readonly Check[], context: CheckContext): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const check of checks) findings.push(...(await check(context)));
    return findings;
  }

  it("refuses a locale that the new machine lacks, and lets pass one that it has", async () => {
    // No session can begin in a database whose locale its own machine lacks, so ours begins before.
    const context = await contextWith({});
    const query = (sql: string) => context.source.query(sql, [source.database]);
    const { rows } = await query("SELECT datcollate AS was FROM pg_database WHERE datname = $1");
    const change = (collate: string) =>
      query(`UPDATE pg_database SET datcollate = '${collate}' WHERE datname = $1`);
    const look = () => runAll(localeChecks, context);
    expect(await look()).toEqual([]);
    await change("xx_XX.utf8");
    expect(await look()).toMatchObject([
      {
        check: "locale",
        level: "blocker",
        summary: "The new server does not have the database's locale: “xx_XX.utf8”.",
      },
    ]);
    await change(rows[0].was);
  });

  it("refuses a version whose copy cannot be proved", async () => {
    const context = await contextWith({ sourceVersion: 130_000 });
    expect(await runAll(serverChecks, context)).toMatchObject([
      {
        check: "source-version",
        level: "blocker",
        summary: "The old server runs PostgreSQL 13, whose copy Godwit cannot prove.",
        remedy: "Bring the old server to PostgreSQL 14 first, or ask support.",
      },
    ]);
  });
});
