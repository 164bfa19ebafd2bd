import type { DatabaseFacts, PastRun } from "../../core/ports/engine.ts";
import type { WindowEstimate } from "../../core/preflight.ts";
import type { Strategy } from "../../core/target.ts";

/** Fencing, views and routines, switching, restarting the applications. */
const BASE_SECONDS = 3;
/** Rates of our own measurements on two cores, at their best and with small rows and many keys. */
const FAST_BYTES_PER_SECOND = 40e6;
const SLOW_BYTES_PER_SECOND = 8e6;
const LIVE_SHARE = 0.5;

/** How long the source will be read-only: from past runs, else from our own measurements. */
export function estimate(
  facts: DatabaseFacts,
  past: readonly PastRun[],
  strategy: Strategy = "dump",
): WindowEstimate {
  const usable = past.filter(
    (run) => (run.strategy ?? "dump") === strategy && run.bytes > 0 && run.readOnlyMs > 0,
  );
  // Live, the copy is there already, and only the comparison is made under the fence.
  const usedBytes = facts.usedBytes * (strategy === "live" && usable.length === 0 ? LIVE_SHARE : 1);
  const rates = usable.map(
    ({ bytes, readOnlyMs }) => bytes / Math.max(readOnlyMs / 1000 - BASE_SECONDS, 0.5),
  );
  const isMeasured = rates.length > 0;
  const fastest = isMeasured ? Math.max(...rates) * 1.25 : FAST_BYTES_PER_SECOND;
  const slowest = isMeasured ? Math.min(...rates) / 1.5 : SLOW_BYTES_PER_SECOND;
  const count = rates.length === 1 ? "one past migration" : `${rates.length} past migrations`;
  return {
    minSeconds: Math.round(BASE_SECONDS + usedBytes / fastest),
    maxSeconds: Math.ceil(BASE_SECONDS * 3 + usedBytes / slowest),
    source: isMeasured
      ? `Measured on ${count} of this fleet.`
      : "A rule of thumb from Godwit's own measurements, since this fleet has no past migration of this kind yet.",
  };
}
