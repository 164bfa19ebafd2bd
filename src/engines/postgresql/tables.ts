import type pg from "pg";
import { isUserSchema, notOfExtension, qualified, quoteName } from "./sql.ts";
import { readTypes, type TypeTraits, traitsOf } from "./types.ts";

/** A column whose values travel; generated ones are computed again. */
export interface Column extends TypeTraits {
  readonly name: string;
}

/** A table that has rows of its own: no partitioned parents, no foreign tables. */
export interface Table {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Quoted and schema-qualified, for statements. */
  readonly sql: string;
  readonly pages: number;
  /** Rows with their oversized values; without indexes. */
  readonly bytes: number;
  readonly columns: readonly Column[];
  /** Another one after the table was made again or rewritten, or had a column dropped, whatever its name and columns. */
  readonly incarnation: string;
}

interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly pages: number;
  readonly bytes: number;
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  readonly incarnation: string;
}

const tablesWhere = (condition: string): string => `
  SELECT c.oid::int8::float8 AS oid, n.nspname AS schema, c.relname AS name,
    (pg_relation_size(c.oid) / current_setting('block_size')::int)::float8 AS pages,
    (pg_relation_size(c.oid) + CASE WHEN c.reltoastrelid = 0 THEN 0
       ELSE pg_relation_size(c.reltoastrelid) END)::float8 AS bytes,
    coalesce((SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8) ORDER BY a.attnum)
      FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '[]') AS columns,
    concat_ws('/', c.oid, pg_relation_filenode(c.oid), c.relnatts) AS incarnation
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${condition}
  ORDER BY bytes DESC, c.oid`;

const OF_PEOPLE = `${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`;

/** Reads all tables with rows of their own, largest first; those of extensions are left out. */
export function readTables(client: pg.Client): Promise<Table[]> {
  return readTablesWhere(client, OF_PEOPLE);
}

/** Reads the tables with rows of their own for which a condition on `pg_class c` and `pg_namespace n` is true. */
export async function readTablesWhere(client: pg.Client, condition: string): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(tablesWhere(condition));
  const types = await readTypes(client);
  return rows.map((row) => ({
    ...row,
    sql: qualified(row.schema, row.name),
    columns: row.columns.map(({ name, type }) => ({ name, ...traitsOf(type, types) })),
  }));
}

/** The columns' quoted names, for statements. */
export function columnList(table: Table): string {
  return table.columns.map(({ name }) => quoteName(name)).join(", ");
}
