import { columnList, type Table } from "../tables.ts";
import type { SpliceStatements } from "./splice.ts";

/** A whole table or a range of its pages. */
export interface Part {
  readonly table: Table;
  /** First page, and the page after the last; null for the whole table. */
  readonly pages: { readonly from: number; readonly to: number | null } | null;
  readonly bytes: number;
}

const MEBIBYTE = 1024 * 1024;
/** Parts smaller than this cost more in round trips than they bring. */
const SMALLEST_PART_BYTES = 32 * MEBIBYTE;
const LARGEST_PART_BYTES = 256 * MEBIBYTE;
/** Reading a range of pages is fast from this version on. */
const TID_RANGE_SCAN_SINCE = 140_000;

function splitTable(table: Table, partBytes: number): Part[] {
  const count = Math.min(Math.ceil(table.bytes / partBytes), table.pages);
  if (count < 2) return [{ table, pages: null, bytes: table.bytes }];
  const step = Math.ceil(table.pages / count);
  const starts = Array.from({ length: Math.ceil(table.pages / step) }, (_, index) => index * step);
  return starts.map((from, index) => ({
    table,
    // The last range is open: it ends where the table does.
    pages: { from, to: starts[index + 1] ?? null },
    bytes: Math.round(table.bytes / starts.length),
  }));
}

/** Splits tables so that all workers end at about the same time; largest first, empty tables left out. */
export function planParts(
  tables: readonly Table[],
  { workers, sourceVersion }: { readonly workers: number; readonly sourceVersion: number },
): Part[] {
  const filled = tables.filter((table) => table.pages > 0);
  const total = filled.reduce((sum, table) => sum + table.bytes, 0);
  const fair = total / (workers * 4);
  const partBytes = Math.min(Math.max(fair, SMALLEST_PART_BYTES), LARGEST_PART_BYTES);
  const canSplit = sourceVersion >= TID_RANGE_SCAN_SINCE;
  const parts = filled.flatMap((table) => splitTable(table, canSplit ? partBytes : Number.POSITIVE_INFINITY));
  return parts.sort((one, other) => other.bytes - one.bytes);
}

/** The two halves of a part's COPY; the column list keeps generated columns out on both sides. */
export function copyStatements({ table, pages }: Part): SpliceStatements {
  const columns = columnList(table);
  const isBinary = table.columns.every((column) => column.isBinary);
  const format = isBinary ? "(FORMAT binary)" : "(FORMAT text)";
  const list = columns === "" ? "" : `(${columns})`;
  const into = `COPY ${table.sql} ${list} FROM STDIN ${format}`;
  if (pages === null) return { out: `COPY ${table.sql} ${list} TO STDOUT ${format}`, into };
  const end = pages.to === null ? "" : ` AND ctid < '(${pages.to},0)'`;
  const rows = `SELECT ${columns} FROM ONLY ${table.sql} WHERE ctid >= '(${pages.from},0)'${end}`;
  return { out: `COPY (${rows}) TO STDOUT ${format}`, into };
}
