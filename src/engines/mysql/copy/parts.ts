import type { Column, Table } from "../schema/tables.ts";
import type { Session } from "../session.ts";
import { qualified, quoteName } from "../sql.ts";
import { LINE_FORMAT } from "./encode-rows.ts";
import type { SpliceStatements } from "./splice.ts";

/** Size of a part of a table; also what is done again after an interruption. */
const PART_BYTES = 64 * 2 ** 20;

/** Rows of a table, or those of a range of its first key. */
export interface Part {
  readonly table: Table;
  /** Condition on the first key; empty: all rows. */
  readonly where: string;
  readonly bytes: number;
}

/** Cuts a table's keys into ranges of equal width. `[low, high]` are the keys at its ends. */
export function rangesOf(key: string, [low, high]: readonly [bigint, bigint], count: number): string[] {
  const name = quoteName(key);
  const width = (high - low) / BigInt(count) + 1n;
  const starts = Array.from({ length: count }, (_, index) => low + width * BigInt(index));
  const cuts = starts.slice(1).filter((start) => start <= high);
  if (cuts.length === 0) return [""];
  return [
    `${name} < ${cuts[0]}`,
    ...cuts.slice(1).map((cut, index) => `${name} >= ${cuts[index]} AND ${name} < ${cut}`),
    `${name} >= ${cuts.at(-1)}`,
  ];
}

/** Conditions that cut a table into about so many parts; one empty condition where it cannot be cut. */
export async function cutTable(
  session: Session,
  database: string,
  options: { table: Table; count: number },
): Promise<string[]> {
  const { table, count } = options;
  if (count < 2 || table.range === null) return [""];
  const name = quoteName(table.range.name);
  const [ends] = await session.rows<{ low: string | null; high: string | null }>(
    `SELECT CAST(MIN(${name}) AS CHAR) AS low, CAST(MAX(${name}) AS CHAR) AS high FROM ${qualified(database, table.name)}`,
  );
  if (ends?.low == null || ends.high === null) return [""];
  return rangesOf(table.range.name, [BigInt(ends.low), BigInt(ends.high)], count);
}

/** Cuts all tables, the largest first. */
export async function planParts(
  session: Session,
  database: string,
  tables: readonly Table[],
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const table of [...tables].sort((left, right) => right.bytes - left.bytes)) {
    const count = Math.ceil(table.bytes / PART_BYTES);
    const conditions = await cutTable(session, database, { table, count });
    const bytes = table.bytes / conditions.length;
    parts.push(...conditions.map((where) => ({ table, where, bytes })));
  }
  return parts;
}

/** Types whose text the server does not take as the bytes that it is. */
const CONVERTED = new Set(["uuid", "inet4", "inet6"]);

/** A column whose value is written with all digits that it has: the text of a FLOAT has only six. */
const outExpression = ({ name, type }: Column): string =>
  type === "float" ? `${quoteName(name)} + 0e0` : quoteName(name);

/** The two halves of a part's copy. Values travel as their bytes, whatever their character set. */
export function statementsOf(
  { table, where }: Part,
  { from, to, hasJsonType }: { readonly from: string; readonly to: string; readonly hasJsonType: boolean },
): SpliceStatements {
  const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
  const isConverted = ({ type }: Column): boolean => CONVERTED.has(type) || (hasJsonType && type === "json");
  const into = columns.map((column, index) =>
    isConverted(column) ? `@godwit${index}` : quoteName(column.name),
  );
  const sets = columns.flatMap((column, index) =>
    isConverted(column) ? [`${quoteName(column.name)} = CONVERT(@godwit${index} USING utf8mb4)`] : [],
  );
  const condition = where === "" ? "" : ` WHERE ${where}`;
  const out = columns.length === 0 ? "1" : columns.map(outExpression).join(", ");
  return {
    out: `SELECT ${out} FROM ${qualified(from, table.name)}${condition}`,
    into: `LOAD DATA LOCAL INFILE 'godwit' INTO TABLE ${qualified(to, table.name)} CHARACTER SET binary ${LINE_FORMAT}
      (${into.length === 0 ? "@godwit" : into.join(", ")})${sets.length === 0 ? "" : ` SET ${sets.join(", ")}`}`,
  };
}
