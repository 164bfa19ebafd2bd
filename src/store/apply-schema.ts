import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Pool, PoolClient } from "pg";

const FOLDER = new URL("./schema/", import.meta.url);
/** Any fixed number: the advisory lock under which one process at a time changes the schema. */
const LOCK = 7_240_511_873;

/**
 * Brings Godwit's own tables up to date: every numbered SQL file that was not applied yet, in order, each
 * in a transaction of its own, under a lock so that several processes may start at once.
 */
export async function applySchema(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await client.query("CREATE SCHEMA IF NOT EXISTS godwit");
    await client.query(
      "CREATE TABLE IF NOT EXISTS godwit.schema_changes (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
    );
    for (const name of await pendingChanges(client)) await applyChange(client, name);
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [LOCK]).catch(() => undefined);
    client.release();
  }
}

async function pendingChanges(client: PoolClient): Promise<string[]> {
  const files = (await readdir(fileURLToPath(FOLDER))).filter((name) => name.endsWith(".sql")).sort();
  const { rows } = await client.query<{ name: string }>("SELECT name FROM godwit.schema_changes");
  const applied = new Set(rows.map((row) => row.name));
  return files.filter((name) => !applied.has(name));
}

async function applyChange(client: PoolClient, name: string): Promise<void> {
  const sql = await readFile(new URL(name, FOLDER), "utf8");
  await client.query("BEGIN");
  try {
    await client.query("SET LOCAL search_path = godwit");
    await client.query("INSERT INTO godwit.schema_changes (name) VALUES ($1)", [name]);
    await client.query(sql);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new Error(`applying schema change ${name}`, { cause: error });
  }
}
