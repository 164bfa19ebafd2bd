import type pg from "pg";
import { quoteText } from "../sql.ts";
import { readTablesWhere, type Table } from "../tables.ts";

/** A table of an extension whose rows people have written, all of them or those that a condition names. */
export interface ExtensionTable extends Table {
  readonly extension: string;
  /** Version of the extension. */
  readonly version: string;
  /** Such as `WHERE id > 1000`, in the extension's own words; empty: all rows. */
  readonly condition: string;
}

/** Extensions whose rows start jobs, which would run in both databases. */
export const SCHEDULERS = ["pg_cron", "pgagent"];

const NO_SCHEDULER = `e.extname NOT IN (${SCHEDULERS.map(quoteText).join(", ")})`;

/** What extensions have registered with `pg_extension_config_dump`. Source: PostgreSQL documentation, 36.17.3. */
const REGISTERED = `
  SELECT k.oid::int8::float8 AS oid, e.extname AS extension, e.extversion AS version,
    coalesce(e.extcondition[k.place], '') AS condition
  FROM pg_extension e CROSS JOIN unnest(e.extconfig) WITH ORDINALITY AS k (oid, place)
  WHERE ${NO_SCHEDULER}`;

type Registered = Pick<ExtensionTable, "oid" | "extension" | "version" | "condition">;

/** OIDs of the relations that extensions have registered, for a query's `WHERE`. */
export const REGISTERED_OIDS = `(SELECT unnest(e.extconfig) FROM pg_extension e WHERE ${NO_SCHEDULER})`;

/** Reads the tables of extensions that hold rows of people's own. */
export async function readExtensionTables(client: pg.Client): Promise<ExtensionTable[]> {
  const { rows } = await client.query<Registered>(REGISTERED);
  if (rows.length === 0) return [];
  const registered = new Map(rows.map((row) => [row.oid, row]));
  const tables = await readTablesWhere(client, `c.oid IN ${REGISTERED_OIDS}`);
  const made = tables.flatMap((table) => {
    const own = registered.get(table.oid);
    return own === undefined ? [] : [{ ...table, ...own }];
  });
  const filled: ExtensionTable[] = [];
  for (const table of made) {
    const { rowCount } = await client.query(`SELECT FROM ONLY ${table.sql} ${table.condition} LIMIT 1`);
    if (rowCount !== 0) filled.push(table);
  }
  return filled;
}
