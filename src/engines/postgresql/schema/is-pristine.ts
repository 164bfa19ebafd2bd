import type pg from "pg";
import { isUserSchema, notOfExtension } from "../sql.ts";

const OWN = (
  catalog: string,
  schema: string,
): string => `SELECT FROM ${catalog} o JOIN pg_namespace n ON n.oid = o.${schema}
  WHERE ${isUserSchema("n.nspname")} AND ${notOfExtension(catalog, "o.oid")}`;

/** Whether a database holds nothing besides extensions and the schemas they are in, as when it was made. */
export async function isPristine(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pristine: boolean }>(
    `SELECT NOT EXISTS (${OWN("pg_class", "relnamespace")}) AND NOT EXISTS (${OWN("pg_proc", "pronamespace")})
       AND NOT EXISTS (${OWN("pg_type", "typnamespace")}) AND NOT EXISTS (${OWN("pg_operator", "oprnamespace")})
       AND NOT EXISTS (${OWN("pg_collation", "collnamespace")}) AND NOT EXISTS (${OWN("pg_ts_config", "cfgnamespace")})
       AND NOT EXISTS (${OWN("pg_ts_dict", "dictnamespace")})
       AND NOT EXISTS (SELECT FROM pg_default_acl) AND NOT EXISTS (SELECT FROM pg_largeobject_metadata)
       AND NOT EXISTS (SELECT FROM pg_publication) AND NOT EXISTS (SELECT FROM pg_event_trigger)
       AND NOT EXISTS (SELECT FROM pg_namespace n WHERE ${isUserSchema("n.nspname")} AND n.nspname <> 'public'
         AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extnamespace = n.oid)) AS pristine`,
  );
  return rows[0]?.pristine ?? false;
}
