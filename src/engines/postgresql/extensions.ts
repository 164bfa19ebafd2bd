import type pg from "pg";
import { quoteName } from "./sql.ts";

/** An extension of a database. */
export interface Extension {
  readonly name: string;
  readonly version: string;
  readonly schema: string;
}

/** Extensions in the order in which they were made, which respects what they need. */
export async function readExtensions(client: pg.Client): Promise<Extension[]> {
  const { rows } = await client.query<Extension>(
    `SELECT e.extname AS name, e.extversion AS version, n.nspname AS schema
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     WHERE e.extname <> 'plpgsql' ORDER BY e.oid`,
  );
  return rows;
}

/**
 * Creates the extensions as the administrator, in the schemas that they have on the source, in the
 * version that the target's server offers. A schema made for one belongs to the database's owner.
 */
export async function createExtensions(
  admin: pg.Client,
  owner: string,
  extensions: readonly Extension[],
): Promise<void> {
  for (const { name, schema } of extensions) {
    if (!schema.startsWith("pg_")) {
      await admin.query(`CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)} AUTHORIZATION ${quoteName(owner)}`);
    }
    const where = schema === "pg_catalog" ? "" : `SCHEMA ${quoteName(schema)}`;
    await admin.query(`CREATE EXTENSION IF NOT EXISTS ${quoteName(name)} ${where} CASCADE`);
  }
}
