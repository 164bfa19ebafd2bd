import type { DatabaseFacts, PastRun } from "../../core/ports/engine.ts";
import type { WindowEstimate } from "../../core/preflight.ts";

const MEBIBYTE = 1024 * 1024;
/** Fencing, comparing definitions and switching take this long however small the database is. */
const BASE_SECONDS = 2;
/** Measured with bench data on two cores, PostgreSQL 15 to 18: copy, indexes and comparison together. */
const FAST_BYTES_PER_SECOND = 60 * MEBIBYTE;
const SLOW_BYTES_PER_SECOND = 8 * MEBIBYTE;
const ROWS_PER_SECOND = 100_000;

function withPast(usedBytes: number, past: readonly PastRun[]): WindowEstimate {
  const rates = past.map((run) => run.bytes / Math.max(run.readOnlyMs / 1000 - BASE_SECONDS, 0.5));
  const fastest = Math.max(...rates) * 1.25;
  const slowest = Math.min(...rates) / 1.5;
  const count = past.length === 1 ? "one past migration" : `${past.length} past migrations`;
  return {
    minSeconds: Math.round(BASE_SECONDS + usedBytes / fastest),
    maxSeconds: Math.ceil(BASE_SECONDS * 3 + usedBytes / slowest),
    source: `Measured on ${count} of this fleet.`,
  };
}

/** How long the source will be read-only: from past runs, else from our own measurements. */
export function estimate(facts: DatabaseFacts, past: readonly PastRun[]): WindowEstimate {
  const usable = past.filter((run) => run.bytes > 0 && run.readOnlyMs > 0);
  if (usable.length > 0) return withPast(facts.usedBytes, usable);
  return {
    minSeconds: Math.round(BASE_SECONDS + facts.usedBytes / FAST_BYTES_PER_SECOND),
    maxSeconds: Math.ceil(
      BASE_SECONDS * 3 + facts.usedBytes / SLOW_BYTES_PER_SECOND + facts.rows / ROWS_PER_SECOND,
    ),
    source: "A rule of thumb from Godwit's own measurements, since this fleet has no past migration yet.",
  };
}
