import { columnList, type Table } from "../tables.ts";
import type { SpliceStatements } from "./splice.ts";

/** A whole table or a range of its pages. */
export interface Part {
  readonly table: Table;
  /** First page, and the page after the last; null for the whole table. */
  readonly pages: { readonly from: number; readonly to: number | null } | null;
  readonly bytes: number;
}

/** What one worker copies in one round trip and one transaction: a part, or several small tables. */
export interface CopyJob {
  readonly parts: readonly Part[];
  /** Size of the largest table in it: what waits for that table's last row waits longest. */
  readonly weightBytes: number;
}

/** How a copy is cut into jobs. */
export interface PartsOptions {
  readonly workers: number;
  readonly sourceVersion: number;
}

const MEBIBYTE = 1024 * 1024;
/** Parts smaller than this cost more in round trips than they bring. */
const SMALLEST_PART_BYTES = 32 * MEBIBYTE;
const LARGEST_PART_BYTES = 256 * MEBIBYTE;
/** Tables up to this size share transactions and round trips. */
export const SMALL_TABLE_BYTES = MEBIBYTE;
const TABLES_PER_JOB = 100;
/** From this size on frozen rows save more later than the new file costs now. */
const FREEZE_FROM_BYTES = 8 * MEBIBYTE;
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

/** Only a table that would keep one worker busy after the others is worth splitting: a whole one is frozen. */
function largeJobs(tables: readonly Table[], totalBytes: number, options: PartsOptions): CopyJob[] {
  const { workers, sourceVersion } = options;
  const fairBytes = totalBytes / (workers * 4);
  const partBytes = Math.min(Math.max(fairBytes, SMALLEST_PART_BYTES), LARGEST_PART_BYTES);
  const canSplit = workers > 1 && sourceVersion >= TID_RANGE_SCAN_SINCE;
  return tables.flatMap((table) => {
    const isSplit = canSplit && table.bytes > totalBytes / (workers * 2);
    const parts = splitTable(table, isSplit ? partBytes : Number.POSITIVE_INFINITY);
    return parts.map((part) => ({ parts: [part], weightBytes: table.bytes }));
  });
}

function smallJobs(tables: readonly Table[], workers: number): CopyJob[] {
  const perJob = Math.min(TABLES_PER_JOB, Math.ceil(tables.length / workers));
  const jobs: CopyJob[] = [];
  for (let start = 0; start < tables.length; start += perJob) {
    const parts = tables
      .slice(start, start + perJob)
      .map((table) => ({ table, pages: null, bytes: table.bytes }));
    jobs.push({ parts, weightBytes: parts[0]?.bytes ?? 0 });
  }
  return jobs;
}

/** Cuts tables into jobs so that all workers end at about the same time; largest first, empty ones left out. */
export function planJobs(tables: readonly Table[], options: PartsOptions): CopyJob[] {
  const filled = tables.filter((table) => table.pages > 0).sort((one, other) => other.bytes - one.bytes);
  const totalBytes = filled.reduce((sum, table) => sum + table.bytes, 0);
  const large = filled.filter((table) => table.bytes > SMALL_TABLE_BYTES);
  const small = filled.slice(large.length);
  return [...largeJobs(large, totalBytes, options), ...smallJobs(small, options.workers)];
}

/** The two halves of a part's COPY; the column list keeps generated columns out on both sides. */
function partStatements({ table, pages }: Part): SpliceStatements {
  const columns = columnList(table);
  const format = table.columns.every((column) => column.isBinary) ? "FORMAT binary" : "FORMAT text";
  const list = columns === "" ? "" : `(${columns})`;
  if (pages === null) {
    const out = `COPY ${table.sql} ${list} TO STDOUT (${format})`;
    if (table.bytes < FREEZE_FROM_BYTES)
      return { out, into: `COPY ${table.sql} ${list} FROM STDIN (${format})` };
    // A table emptied in this very transaction takes rows that are frozen from the start.
    const into = `TRUNCATE ONLY ${table.sql}; COPY ${table.sql} ${list} FROM STDIN (${format}, FREEZE)`;
    return { out, into };
  }
  const end = pages.to === null ? "" : ` AND ctid < '(${pages.to},0)'`;
  const rows = `SELECT ${columns} FROM ONLY ${table.sql} WHERE ctid >= '(${pages.from},0)'${end}`;
  const into = `COPY ${table.sql} ${list} FROM STDIN (${format})`;
  return { out: `COPY (${rows}) TO STDOUT (${format})`, into };
}

/** The two halves of a job, each sent as one text: the target runs its half as one transaction. */
export function copyStatements({ parts }: CopyJob): SpliceStatements {
  const statements = parts.map(partStatements);
  return {
    out: statements.map(({ out }) => out).join("; "),
    into: statements.map(({ into }) => into).join("; "),
  };
}
