import type pg from "pg";
import { inChunks, quoteName, quoteText } from "../sql.ts";
import type { Table } from "../tables.ts";

/** Rows of a table, counted and hashed regardless of their order. */
export interface Content {
  readonly rows: string;
  readonly xor: string;
  readonly sum: string;
}

/** How a row is hashed: by its values, or by their text where the types' own equality is in doubt. */
export type HashForm = "values" | "text";

const SMALL_TABLES_PER_QUERY = 50;
const SMALL_BYTES = 4 * 1024 * 1024;
const SEED = 7_046_029_254;

/** `format('%L')` prints by the type's output function; a cast could run somebody's own function. */
function operand(column: Table["columns"][number], form: HashForm): string {
  const name = `t.${quoteName(column.name)}`;
  return form === "values" && column.isHashable ? name : `pg_catalog.format('%L', ${name})`;
}

function contentQuery(table: Table, form: HashForm): string {
  const operands = table.columns.map((column) => operand(column, form));
  const hash = `pg_catalog.hash_record_extended(ROW(${operands.join(", ")}), ${SEED})`;
  const rows = table.columns.length === 0 ? "SELECT 0::int8 AS h" : `SELECT ${hash} AS h`;
  return `SELECT ${quoteText(table.sql)} AS sql, count(*)::text AS rows,
    coalesce(bit_xor(h), 0)::text AS xor, coalesce(sum(h), 0)::text AS sum
    FROM (${rows} FROM ONLY ${table.sql} AS t) AS hashed`;
}

/** Counts and hashes tables in one query; by the tables' quoted names. */
export async function readContents(
  client: pg.Client,
  tables: readonly Table[],
  form: HashForm,
): Promise<Map<string, Content>> {
  const query = tables.map((table) => contentQuery(table, form)).join("\nUNION ALL\n");
  const { rows } = await client.query<Content & { readonly sql: string }>(query);
  return new Map(rows.map(({ sql, rows, xor, sum }) => [sql, { rows, xor, sum }]));
}

/** Groups tables so that small ones share a round trip; largest first. */
export function groupTables(tables: readonly Table[]): Table[][] {
  const small = tables.filter((table) => table.bytes <= SMALL_BYTES);
  const large = tables.filter((table) => table.bytes > SMALL_BYTES);
  return [...large.map((table) => [table]), ...inChunks(small, SMALL_TABLES_PER_QUERY)];
}

/** Whether both sides hold the same rows. */
export function isSame(one: Content | undefined, other: Content | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.rows === other.rows && one.xor === other.xor && one.sum === other.sum;
}
