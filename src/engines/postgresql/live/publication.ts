import type pg from "pg";
import { quoteName } from "../sql.ts";
import type { Table } from "../tables.ts";

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

/** Drops the publication where there is one. */
export async function dropPublication(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`DROP PUBLICATION IF EXISTS ${quoteName(name)}`);
}
