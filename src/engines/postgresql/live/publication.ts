import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import { listNames } from "../preflight/check.ts";
import { quoteName } from "../sql.ts";
import { readTables, type Table } from "../tables.ts";

async function exists(admin: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query("SELECT 1 FROM pg_publication WHERE pubname = $1", [name]);
  return rowCount !== 0;
}

/**
 * Publishes each table that has rows of its own, by name: FOR ALL TABLES would take in tables that the
 * application makes later, and refuse its UPDATEs where they have no key. Partitions are published as
 * themselves, since the target has the same ones and the copy goes partition by partition.
 */
export async function createPublication(
  admin: pg.Client,
  name: string,
  tables: readonly Table[],
): Promise<void> {
  if (await exists(admin, name)) return;
  const list = tables.map(({ sql }) => `ONLY ${sql}`).join(", ");
  const what = tables.length === 0 ? "" : `FOR TABLE ${list}`;
  await admin.query(
    `CREATE PUBLICATION ${quoteName(name)} ${what}
     WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = false)`,
  );
}

/**
 * Throws `schema-changed` for tables whose changes are not published: made since, or made again under the same name
 * with the same columns, which a look at definitions does not show.
 */
export async function refuseUnpublished(admin: pg.Client, database: string, name: string): Promise<void> {
  const { rows } = await admin.query<{ oid: string }>(
    "SELECT prrelid::text AS oid FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE p.pubname = $1",
    [name],
  );
  const published = new Set(rows.map(({ oid }) => Number(oid)));
  const missing = (await readTables(admin)).filter(({ oid }) => !published.has(oid));
  if (missing.length === 0) return;
  const names = listNames(missing.map((table) => `${table.schema}.${table.name}`));
  throw new GodwitError({
    code: "schema-changed",
    summary: `Tables of ${database} were made, or made again, since it was copied, and their rows are not replicated: ${names}.`,
    remedy: "Try again when no deployment is changing tables.",
  });
}

/** Drops the publication where there is one. */
export async function dropPublication(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`DROP PUBLICATION IF EXISTS ${quoteName(name)}`);
}
