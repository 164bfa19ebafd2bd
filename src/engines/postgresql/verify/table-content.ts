import type pg from "pg";
import { inChunks, quoteName, quoteText } from "../sql.ts";
import type { Table } from "../tables.ts";
import { columnKey, type ExactForms } from "./exact-forms.ts";

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

/**
 * `format('%L')` prints by the type's output function; a cast could run somebody's own function. Text is
 * compared byte by byte, whatever a collation holds for equal.
 */
export function asText(name: string): string {
  return `pg_catalog.format('%L', ${name}) COLLATE pg_catalog."C"`;
}

/** Hash of values, as a 64-bit number. */
export function hashOf(operands: readonly string[]): string {
  return operands.length === 0
    ? "0::int8"
    : `pg_catalog.hash_record_extended(ROW(${operands.join(", ")}), ${SEED})`;
}

function operand(table: Table, column: Table["columns"][number], forms: ExactForms): string {
  const name = `t.${quoteName(column.name)}`;
  const form = forms.get(columnKey(table.sql, column.name));
  if (!column.isHashable || form === "text") return asText(name);
  return form === undefined ? name : `pg_catalog.${quoteName(form.send)}(${name})`;
}

/** Hash of a row of the table `t`. */
export function rowHash(table: Table, form: HashForm, forms: ExactForms): string {
  return hashOf(
    table.columns.map((column) =>
      form === "text" ? asText(`t.${quoteName(column.name)}`) : operand(table, column, forms),
    ),
  );
}

/**
 * Count, sum and exclusive or of the hashes `h` of a query's rows. A subquery with a WITH of its own is not merged into
 * the query around it, in which each of the two aggregates would compute every hash anew; unlike OFFSET 0 it leaves
 * the work to parallel workers (measured, PostgreSQL 15 and 18: half the CPU time).
 */
export function aggregatesOf(hashes: string): string {
  return `count(*)::text AS rows, coalesce(bit_xor(h), 0)::text AS xor, coalesce(sum(h), 0)::text AS sum
    FROM (WITH apart AS (SELECT) ${hashes}) AS hashed`;
}

/**
 * Query that counts and hashes a table. Among others it keeps to one process: a worker costs more than a small table.
 */
export function contentQuery(
  table: Table,
  { form, forms, isAmongOthers }: ContentForm & { readonly isAmongOthers: boolean },
): string {
  const rows = `SELECT ${rowHash(table, form, forms)} AS h FROM ONLY ${table.sql} AS t`;
  const hashes = isAmongOthers ? `${rows} OFFSET 0` : rows;
  return `SELECT ${quoteText(table.sql)} AS sql, ${aggregatesOf(hashes)}`;
}

/** How the rows of a database's tables are hashed. */
interface ContentForm {
  readonly form: HashForm;
  readonly forms: ExactForms;
}

/** Counts and hashes tables in one query; by the tables' quoted names. */
export async function readContents(
  client: pg.Client,
  tables: readonly Table[],
  content: ContentForm,
): Promise<Map<string, Content>> {
  const isAmongOthers = tables.length > 1;
  const query = tables
    .map((table) => contentQuery(table, { ...content, isAmongOthers }))
    .join("\nUNION ALL\n");
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
