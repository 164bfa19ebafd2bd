import type pg from "pg";
import { isUserSchema, qualified } from "../sql.ts";

/**
 * Columns in which values that differ can have the same hash: `1.50` and `1.5`, also inside of jsonb, whose
 * `1` and `[1]` share one too; `0` and `-0`, a month and thirty days, blanks at the end of a bpchar, letters
 * that a collation holds for equal. They are hashed by what the type's send function says, or by their text:
 * for 200,000 nested documents of 600 bytes that took 2.2 and 3.8 times as long as by value (PostgreSQL 18).
 */
export type ExactForms = ReadonlyMap<string, "text" | { readonly send: string }>;

/** Key of a column in `ExactForms`. */
export function columnKey(tableSql: string, column: string): string {
  return `${tableSql} ${column}`;
}

interface Row {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** Null: its elements are such values, so that only text tells them apart. */
  readonly send: string | null;
}

const QUERY = `
  WITH RECURSIVE parts AS MATERIALIZED (
    SELECT typbasetype AS part, oid AS whole, true AS is_domain FROM pg_type WHERE typbasetype <> 0
    UNION ALL SELECT typelem, oid, false FROM pg_type WHERE typelem <> 0
    UNION ALL SELECT r.rngsubtype, w.oid, false FROM pg_range r
      CROSS JOIN LATERAL (VALUES (r.rngtypid), (r.rngmultitypid)) AS w (oid)
  ), loose AS (
    SELECT t.oid, p.proname AS send FROM pg_type t JOIN pg_proc p ON p.oid = t.typsend
    WHERE t.typname IN ('numeric', 'float4', 'float8', 'interval', 'timetz', 'jsonb', 'bpchar') AND t.typnamespace = 'pg_catalog'::regnamespace
    UNION SELECT p.whole, CASE WHEN p.is_domain THEN l.send END FROM loose l JOIN parts p ON p.part = l.oid
  )
  SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, l.send
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN loose l ON l.oid = a.atttypid
  WHERE c.relkind = 'r' AND ${isUserSchema("n.nspname")}
    AND (l.oid IS NOT NULL OR a.attcollation IN (SELECT o.oid FROM pg_collation o WHERE NOT o.collisdeterministic))`;

/** Reads which columns need more than the hash of their values. */
export async function readExactForms(client: pg.Client): Promise<ExactForms> {
  const { rows } = await client.query<Row>(QUERY);
  return new Map(
    rows.map(({ schema, table, column, send }) => [
      columnKey(qualified(schema, table), column),
      send === null ? "text" : { send },
    ]),
  );
}
