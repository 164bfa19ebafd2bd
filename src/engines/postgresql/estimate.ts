import type { DatabaseFacts, PastRun } from "../../core/ports/engine.ts";
import type { WindowEstimate } from "../../core/preflight.ts";
import type { Strategy } from "../../core/target.ts";

const MEBIBYTE = 1024 * 1024;

/** What is known of a strategy before this fleet has run it. */
interface Rule {
  /** Fencing, comparing definitions and switching take this long however small the database is. */
  readonly baseSeconds: number;
  readonly fastBytesPerSecond: number;
  readonly slowBytesPerSecond: number;
  readonly rowsPerSecond: number;
}

/** Measured with bench data on two cores, PostgreSQL 15 to 18. */
const RULES: Readonly<Record<Strategy, Rule>> = {
  /** Copy, indexes and comparison. */
  dump: {
    baseSeconds: 2,
    fastBytesPerSecond: 60 * MEBIBYTE,
    slowBytesPerSecond: 8 * MEBIBYTE,
    rowsPerSecond: 100_000,
  },
  /** The comparison alone: the rows are there already. */
  live: {
    baseSeconds: 1,
    fastBytesPerSecond: 600 * MEBIBYTE,
    slowBytesPerSecond: 80 * MEBIBYTE,
    rowsPerSecond: 1_000_000,
  },
};

function withPast(usedBytes: number, past: readonly PastRun[], { baseSeconds }: Rule): WindowEstimate {
  const rates = past.map((run) => run.bytes / Math.max(run.readOnlyMs / 1000 - baseSeconds, 0.5));
  const fastest = Math.max(...rates) * 1.25;
  const slowest = Math.min(...rates) / 1.5;
  const count = past.length === 1 ? "one past migration" : `${past.length} past migrations`;
  return {
    minSeconds: Math.round(baseSeconds + usedBytes / fastest),
    maxSeconds: Math.ceil(baseSeconds * 3 + usedBytes / slowest),
    source: `Measured on ${count} of this fleet.`,
  };
}

/** How long the source will be read-only: from past runs of the strategy, else from our own measurements. */
export function estimate(
  facts: DatabaseFacts,
  past: readonly PastRun[],
  strategy: Strategy = "dump",
): WindowEstimate {
  const rule = RULES[strategy];
  const usable = past.filter(
    (run) => (run.strategy ?? "dump") === strategy && run.bytes > 0 && run.readOnlyMs > 0,
  );
  if (usable.length > 0) return withPast(facts.usedBytes, usable, rule);
  return {
    minSeconds: Math.round(rule.baseSeconds + facts.usedBytes / rule.fastBytesPerSecond),
    maxSeconds: Math.ceil(
      rule.baseSeconds * 3 + facts.usedBytes / rule.slowBytesPerSecond + facts.rows / rule.rowsPerSecond,
    ),
    source:
      "A rule of thumb from Godwit's own measurements, since this fleet has no past migration of this kind yet.",
  };
}
