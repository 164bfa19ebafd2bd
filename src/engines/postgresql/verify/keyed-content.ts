import type pg from "pg";
import { isUserSchema, notOfExtension, qualified, quoteName } from "../sql.ts";
import type { Table } from "../tables.ts";
import type { ExactForms } from "./exact-forms.ts";
import { aggregatesOf, type Content, type HashForm, rowHash } from "./table-content.ts";

/** A column of what tells a table's rows apart. */
export interface KeyColumn {
  readonly name: string;
  /** What is beneath any domain, as a cast needs it. */
  readonly type: string;
  /** The index's own equality, schema-qualified: a type of one's own may have no other. */
  readonly equals: string;
}

/** By the tables' quoted names; tables whose rows nothing tells apart are not in it. */
export type RowKeys = ReadonlyMap<string, readonly KeyColumn[]>;

/** Values of a row's key columns in text form, in the key's order. */
export type KeyValues = readonly string[];

const EQUALITY = 3;

/** Types whose text depends on who prints it, or stands for something that differs between servers. */
const UNSTABLE =
  "'money', 'regclass', 'regproc', 'regprocedure', 'regoper', 'regoperator', 'regtype', 'regrole', 'regnamespace', 'regconfig', 'regdictionary', 'regcollation'";

/**
 * The index by which changes are told: the replica identity, or the primary key where that is the whole row. Values are
 * read back by their type's own input function and compared by its own equality, beneath any domain; a type made by
 * people, other than an enum or an extension's, could bring functions of theirs into the administrator's session. A
 * table with such a key, or one of arrays, is not in the result.
 */
const KEYS = `
  WITH RECURSIVE beneath AS (
    SELECT oid AS whole, oid AS part FROM pg_type
    UNION ALL SELECT b.whole, t.typbasetype FROM beneath b JOIN pg_type t ON t.oid = b.part WHERE t.typtype = 'd'
  ), known AS (
    SELECT b.whole, t.oid AS type FROM beneath b JOIN pg_type t ON t.oid = b.part
    WHERE t.typtype = 'e' OR (t.typtype = 'b' AND t.typcategory <> 'A' AND t.typname NOT IN (${UNSTABLE})
      AND (t.typnamespace = 'pg_catalog'::regnamespace OR NOT ${notOfExtension("pg_type", "t.oid")}))
  )
  SELECT n.nspname AS schema, c.relname AS "table", json_agg(json_build_object('name', a.attname,
    'type', format_type(y.type, -1), 'equals', quote_ident(op.nspname) || '.' || op.oprname) ORDER BY k.place) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_index i ON i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
    AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END
  CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[])
    WITH ORDINALITY AS k (number, class, "collation", place)
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k."collation" IN (0, a.attcollation)
  JOIN known y ON y.whole = a.atttypid
  JOIN pg_opclass f ON f.oid = k.class
  JOIN LATERAL (SELECT on_.nspname, o.oprname FROM pg_amop m JOIN pg_operator o ON o.oid = m.amopopr
    JOIN pg_namespace on_ ON on_.oid = o.oprnamespace WHERE m.amopfamily = f.opcfamily AND m.amoplefttype = f.opcintype
      AND m.amoprighttype = f.opcintype AND m.amopstrategy = ${EQUALITY}) AS op ON true
  WHERE c.relkind = 'r' AND c.relreplident <> 'n' AND ${isUserSchema("n.nspname")} AND k.place <= i.indnkeyatts
  GROUP BY n.nspname, c.relname, i.indnkeyatts HAVING count(*) = i.indnkeyatts`;

interface Row {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly KeyColumn[];
}

/** Reads by what the rows of each table are told apart. */
export async function readRowKeys(client: pg.Client): Promise<RowKeys> {
  const { rows } = await client.query<Row>(KEYS);
  return new Map(rows.map(({ schema, table, columns }) => [qualified(schema, table), columns]));
}

/** What is read of a table. */
export interface KeyedRead {
  readonly table: Table;
  readonly columns: readonly KeyColumn[];
  readonly keys: readonly KeyValues[];
  /** Rows that do not count even where `keys` names them, perhaps in another way: `1.0` and `1.00` are one key. */
  readonly leftOut: readonly KeyValues[];
  readonly form: HashForm;
  readonly forms: ExactForms;
}

/** Positions of the rows whose keys are in the query's arrays, from the given parameter on. */
function positionsQuery({ table, columns }: KeyedRead, firstParameter: number): string {
  const arrays = columns.map(({ type }, place) => `$${firstParameter + place}::${type}[]`).join(", ");
  const names = columns.map((_, place) => `k${place}`).join(", ");
  const matches = columns.map(
    ({ name, type, equals }, place) => `s.${quoteName(name)}::${type} OPERATOR(${equals}) k.k${place}`,
  );
  return `SELECT s.ctid FROM unnest(${arrays}) AS k (${names}) JOIN ONLY ${table.sql} AS s ON ${matches.join(" AND ")}`;
}

/** By position each row counts once, also when several keys are equal to its own. */
function keyedQuery(read: KeyedRead): string {
  const { table, columns, form, forms, leftOut } = read;
  const minus = leftOut.length === 0 ? "" : ` EXCEPT ${positionsQuery(read, columns.length + 1)}`;
  return `SELECT ${aggregatesOf(`SELECT ${rowHash(table, form, forms)} AS h FROM ONLY ${table.sql} AS t
      WHERE t.ctid = ANY (ARRAY(${positionsQuery(read, 1)}${minus}))`)}`;
}

function byColumn({ columns }: KeyedRead, keys: readonly KeyValues[]): string[][] {
  return columns.map((_, place) => keys.map((key) => key[place] ?? ""));
}

/** The planner takes few keys for many, and would read the whole table. */
const BY_INDEX = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";
const AS_EVER = "RESET enable_seqscan; RESET enable_hashjoin; RESET enable_mergejoin";

/** Counts and hashes the rows with these keys; those that are not there do not count. */
export async function readKeyedContent(client: pg.Client, read: KeyedRead): Promise<Content> {
  const values = [
    ...byColumn(read, read.keys),
    ...(read.leftOut.length === 0 ? [] : byColumn(read, read.leftOut)),
  ];
  await client.query(BY_INDEX);
  const { rows } = await client.query<Content>(keyedQuery(read), values);
  await client.query(AS_EVER);
  return rows[0] ?? NOTHING;
}

const NOTHING: Content = { rows: "0", xor: "0", sum: "0" };

/** The content of all rows but some of them. */
export function without(all: Content, some: Content): Content {
  return {
    rows: String(BigInt(all.rows) - BigInt(some.rows)),
    xor: String(BigInt(all.xor) ^ BigInt(some.xor)),
    sum: String(BigInt(all.sum) - BigInt(some.sum)),
  };
}
