import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { DatabaseError, type Pool, type PoolClient } from "pg";
import { GodwitError } from "../core/failure.ts";

const FOLDER = new URL("./schema/", import.meta.url);
/** Any fixed number: the advisory lock under which one process at a time changes the schema. */
const LOCK = 7_240_511_873;

/** How long a change may wait for others, such as a backup, and they for it. */
const LONGEST_WAIT_MS = 20_000;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Brings Godwit's own tables up to date: every numbered SQL file that was not applied yet, in order, each
 * in a transaction of its own, under a lock so that several processes may start at once. Throws a transient `GodwitError`
 * (`schema-in-use`) when something else holds a table for longer than `longestWaitMs`.
 */
export async function applySchema(pool: Pool, longestWaitMs = LONGEST_WAIT_MS): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await client.query("CREATE SCHEMA IF NOT EXISTS godwit");
    await client.query(
      "CREATE TABLE IF NOT EXISTS godwit.schema_changes (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
    );
    for (const name of await pendingChanges(client)) await applyChange(client, { name, longestWaitMs });
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

interface Change {
  readonly name: string;
  readonly longestWaitMs: number;
}

async function applyChange(client: PoolClient, { name, longestWaitMs }: Change): Promise<void> {
  const sql = await readFile(new URL(name, FOLDER), "utf8");
  await client.query("BEGIN");
  try {
    await client.query("SET LOCAL search_path = godwit");
    await client.query(`SET LOCAL lock_timeout = ${longestWaitMs}`);
    await client.query("INSERT INTO godwit.schema_changes (name) VALUES ($1)", [name]);
    await client.query(sql);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    const isBusy = error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;
    throw isBusy ? schemaInUse(name, error) : new Error(`applying schema change ${name}`, { cause: error });
  }
}

function schemaInUse(name: string, cause: unknown): GodwitError {
  return new GodwitError({
    code: "schema-in-use",
    class: "transient",
    summary: `Godwit's tables cannot be brought up to date (${name}) while something else holds one of them.`,
    remedy: "Stop every process of the older version, wait for the end of a backup, and start Godwit again.",
    cause,
  });
}
