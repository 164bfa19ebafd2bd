import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Pool } from "pg";
import { onTestFinished } from "vitest";
import type { Log } from "../../src/core/ports/log.ts";
import { Secret } from "../../src/core/secret.ts";
import { parseSecretKey } from "../../src/core/secret-key.ts";
import { type OpenDatabase, openDatabase } from "../../src/store/open-database.ts";
import { createTestDatabase, openPool, type TestDatabase } from "../support/test-database.ts";

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const SCHEMA = new URL("../../src/store/schema/", import.meta.url);
/** The last schema change of the version that stored passwords in clear. */
const LAST_IN_CLEAR = "0007_gate.sql";

/** An empty database, gone after the test. */
export async function aDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

/** Connections that end with the test. */
export function aPool({ url }: TestDatabase): Pool {
  const pool = openPool(url, 4);
  onTestFinished(() => pool.end());
  return pool;
}

/** Opens the database as Godwit does, with keys written `id:base64`; its connections end with the test. */
export async function openWith(
  { url }: TestDatabase,
  keys: readonly string[],
  log: Log = silent,
): Promise<OpenDatabase> {
  const secretKeys = keys.map(parseSecretKey).filter((key) => key !== null);
  const opened = await openDatabase({ url: new Secret(url), embeddedFolder: "unused", secretKeys, log });
  onTestFinished(() => opened.pool.end());
  return opened;
}

/** The tables of the version that stored passwords in clear, with these in them. */
export async function storeInClear(pool: Pool, secrets: Readonly<Record<string, string>>): Promise<void> {
  const files = (await readdir(fileURLToPath(SCHEMA))).filter((name) => name <= LAST_IN_CLEAR).sort();
  const client = await pool.connect();
  await client.query("CREATE SCHEMA godwit");
  await client.query("SET search_path = godwit");
  await client.query(
    "CREATE TABLE schema_changes (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
  );
  for (const name of files) {
    await client.query(await readFile(new URL(name, SCHEMA), "utf8"));
    await client.query("INSERT INTO schema_changes (name) VALUES ($1)", [name]);
  }
  await client.query("INSERT INTO secrets (ref, value) SELECT * FROM unnest($1::text[], $2::text[])", [
    Object.keys(secrets),
    Object.values(secrets),
  ]);
  client.release(true);
}

/** Every row of every table that is not the server's own, as text, a table a line. */
export async function dump(pool: Pool): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const lines = tables.map(async ({ name }) => {
    const { rows } = await pool.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
    return [name, ...rows.map(({ line }) => line)].join(" ");
  });
  return (await Promise.all(lines)).join("\n");
}
