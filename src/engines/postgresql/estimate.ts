import type { DatabaseFacts, PastRun } from "../../core/ports/engine.ts";
import type { WindowEstimate } from "../../core/preflight.ts";
import type { Strategy } from "../../core/target.ts";

const MEBIBYTE = 1024 * 1024;

/** Fencing, comparing definitions and switching take this long however small the database is. */
const BASE_SECONDS: Readonly<Record<Strategy, number>> = { dump: 2, live: 1 };
/** Copy, indexes and comparison; measured with bench data on two cores, PostgreSQL 15 to 18. */
const FAST_BYTES_PER_SECOND = 60 * MEBIBYTE;
const SLOW_BYTES_PER_SECOND = 8 * MEBIBYTE;
const SLOW_ROWS_PER_SECOND = 100_000;
/** Live, the rows are compared before the fence; under it only definitions are, and what has changed since. */
const SLOW_TABLES_PER_SECOND = 400;

type Seconds = Pick<WindowEstimate, "minSeconds" | "maxSeconds">;

function dumpByRule({ usedBytes, rows }: DatabaseFacts): Seconds {
  const base = BASE_SECONDS.dump;
  return {
    minSeconds: Math.round(base + usedBytes / FAST_BYTES_PER_SECOND),
    maxSeconds: Math.ceil(base * 3 + usedBytes / SLOW_BYTES_PER_SECOND + rows / SLOW_ROWS_PER_SECOND),
  };
}

function liveByRule({ tables }: DatabaseFacts): Seconds {
  const base = BASE_SECONDS.live;
  return { minSeconds: base, maxSeconds: Math.ceil(base * 5 + tables / SLOW_TABLES_PER_SECOND) };
}

function dumpByPast({ usedBytes }: DatabaseFacts, past: readonly PastRun[]): Seconds {
  const base = BASE_SECONDS.dump;
  const rates = past.map((run) => run.bytes / Math.max(run.readOnlyMs / 1000 - base, 0.5));
  const fastest = Math.max(...rates) * 1.25;
  const slowest = Math.min(...rates) / 1.5;
  return {
    minSeconds: Math.round(base + usedBytes / fastest),
    maxSeconds: Math.ceil(base * 3 + usedBytes / slowest),
  };
}

/** The size of the database has no part in it. */
function liveByPast(past: readonly PastRun[]): Seconds {
  const seconds = past.map(({ readOnlyMs }) => readOnlyMs / 1000);
  return {
    minSeconds: Math.max(BASE_SECONDS.live, Math.floor(Math.min(...seconds) * 0.75)),
    maxSeconds: Math.ceil(Math.max(...seconds) * 1.5) + 1,
  };
}

/** How long the source will be read-only: from past runs of the strategy, else from our own measurements. */
export function estimate(
  facts: DatabaseFacts,
  past: readonly PastRun[],
  strategy: Strategy = "dump",
): WindowEstimate {
  const usable = past.filter(
    (run) => (run.strategy ?? "dump") === strategy && run.bytes > 0 && run.readOnlyMs > 0,
  );
  const isLive = strategy === "live";
  if (usable.length > 0) {
    const count = usable.length === 1 ? "one past migration" : `${usable.length} past migrations`;
    const source = `Measured on ${count} of this fleet.`;
    return { ...(isLive ? liveByPast(usable) : dumpByPast(facts, usable)), source };
  }
  const source =
    "A rule of thumb from Godwit's own measurements, since this fleet has no past migration of this kind yet.";
  return { ...(isLive ? liveByRule(facts) : dumpByRule(facts)), source };
}
