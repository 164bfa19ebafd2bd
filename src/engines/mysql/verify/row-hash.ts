import type { Flavour } from "../flavour.ts";
import type { Column, Table } from "../schema/tables.ts";
import { qualified, quoteName } from "../sql.ts";

/** Types whose text has neither `#` nor a choice of forms. */
const PLAIN = new Set([
  "tinyint",
  "smallint",
  "mediumint",
  "int",
  "bigint",
  "decimal",
  "double",
  "year",
  "date",
  "time",
  "datetime",
  "timestamp",
]);
/** Types that are compared as numbers: the number of a value's place among those that its column allows, or its bits. */
const NUMBERED = new Set(["bit", "enum", "set"]);
/** Types whose values are short enough to be put together as they are. */
const SHORT = new Set(["char", "varchar", "binary", "varbinary"]);
const TEXTUAL = new Set(["uuid", "inet4", "inet6"]);

/** What goes into a row's hash for a column; never the same for two different values. */
function partsOf({ name, type }: Column, { hash }: Flavour): string[] {
  const sql = quoteName(name);
  if (PLAIN.has(type)) return [sql];
  if (type === "float") return [`(${sql} + 0e0)`];
  if (NUMBERED.has(type)) return [`(${sql} + 0)`];
  if (TEXTUAL.has(type)) return [`CAST(${sql} AS CHAR)`];
  // The bytes as they are stored, with their number in front, so that no value runs into the next one.
  if (SHORT.has(type)) return [`LENGTH(${sql})`, `CAST(${sql} AS BINARY)`];
  if (type === "json") return [hash(`CAST(${sql} AS CHAR)`)];
  return [hash(sql)];
}

/** One text for a whole row: what is NULL is left out of the list and marked at its end. */
function rowText({ columns }: Table, flavour: Flavour): string {
  const own = columns.filter(({ isGenerated }) => !isGenerated);
  const nulls = own.map(({ name }) => `ISNULL(${quoteName(name)})`);
  const marks = nulls.length === 0 ? "''" : `CONCAT(${nulls.join(", ")})`;
  return `CONCAT_WS('#', ${[...own.flatMap((column) => partsOf(column, flavour)), marks].join(", ")})`;
}

/** What is compared of the rows of a table, or of a range of them. */
export interface Content {
  readonly total: string;
  readonly first: string | null;
  readonly second: string | null;
}

/**
 * Counts rows and adds up two hashes of them, whatever their order: 64 bits of a cryptographic one by exclusive or; and
 * a CRC32 as a sum, since what occurs twice cancels itself out in the first.
 */
export function contentQuery(
  table: Table,
  {
    database,
    where,
    flavour,
  }: { readonly database: string; readonly where: string; readonly flavour: Flavour },
): string {
  const text = rowText(table, flavour);
  return `SELECT CAST(COUNT(*) AS CHAR) AS total,
    CAST(BIT_XOR(CAST(CONV(LEFT(${flavour.hash(text)}, 16), 16, 10) AS UNSIGNED)) AS CHAR) AS first,
    CAST(SUM(CRC32(${text})) AS CHAR) AS second
    FROM ${qualified(database, table.name)}${where === "" ? "" : ` WHERE ${where}`}`;
}
