import type pg from "pg";
import { quoteName, quoteText } from "../sql.ts";
import type { Table } from "../tables.ts";
import type { ExactForms } from "./exact-forms.ts";
import { asText, hashOf, rowHash } from "./table-content.ts";

/** A range of 64-bit numbers, both ends included. */
export interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/** How the rows of a table are put in a row of numbers, to look for what differs in ever smaller ranges. */
export interface TableKey {
  /** Number of a row of `t`. */
  readonly number: string;
  /** Condition on `t` for a range of numbers; uses the key's index where it can. */
  within(span: Span): string;
  /** Name of the column whose values may be shown, or null where only positions may. */
  readonly shown: { readonly name: string; readonly sql: string } | null;
  /** Order of rows in which positions are counted, and what it is called. */
  readonly order: { readonly sql: string; readonly label: string };
}

interface KeyColumn {
  readonly name: string;
  readonly type: string;
}

const PREFIX_DIGITS = 15;
const UUID_DIGITS = 32;

async function readPrimaryKey(client: pg.Client, table: Table): Promise<KeyColumn[]> {
  const { rows } = await client.query<KeyColumn>(
    `SELECT a.attname AS name, t.typname AS type FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number JOIN pg_type t ON t.oid = a.atttypid
     WHERE i.indrelid = ${quoteText(table.sql)}::regclass AND i.indisprimary ORDER BY k.place`,
  );
  return rows;
}

const numbered = (name: string): TableKey["order"] => ({ sql: name, label: "in the order of its key" });

function integerKey({ name }: KeyColumn): TableKey {
  const sql = `t.${quoteName(name)}`;
  const within = ({ from, to }: Span): string => `${sql} BETWEEN ${from} AND ${to}`;
  return { number: `${sql}::int8`, within, shown: { name, sql }, order: numbered(sql) };
}

/** The first 60 bits of a UUID sort as the UUID does. */
function uuidKey({ name }: KeyColumn): TableKey {
  const sql = `t.${quoteName(name)}`;
  const uuid = (prefix: bigint, rest: string): string => {
    const digits = prefix.toString(16).padStart(PREFIX_DIGITS, "0");
    return `'${digits.padEnd(UUID_DIGITS, rest)}'::uuid`;
  };
  return {
    number: `('x' || left(replace(${sql}::text, '-', ''), ${PREFIX_DIGITS}))::bit(60)::int8`,
    within: ({ from, to }) => `${sql} BETWEEN ${uuid(from, "0")} AND ${uuid(to, "f")}`,
    shown: { name, sql },
    order: numbered(sql),
  };
}

function hashKey(hash: string, order: TableKey["order"]): TableKey {
  const within = ({ from, to }: Span): string => `${hash} BETWEEN ${from} AND ${to}`;
  return { number: hash, within, shown: null, order };
}

/** Reads how to find rows of a table: by its key where it has one, and by the rows themselves otherwise. */
export async function readTableKey(client: pg.Client, table: Table, forms: ExactForms): Promise<TableKey> {
  const columns = await readPrimaryKey(client, table);
  const [first, second] = columns;
  if (first !== undefined && second === undefined) {
    if (/^(int[248]|oid)$/.test(first.type)) return integerKey(first);
    if (first.type === "uuid") return uuidKey(first);
  }
  if (first === undefined)
    return hashKey(rowHash(table, "text", forms), { sql: "t.ctid", label: "as they are stored" });
  const names = columns.map(({ name }) => `t.${quoteName(name)}`);
  return hashKey(hashOf(names.map(asText)), numbered(names.join(", ")));
}
