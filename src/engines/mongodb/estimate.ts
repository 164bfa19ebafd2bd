import type { DatabaseFacts, PastRun } from "../../core/ports/engine.ts";
import type { WindowEstimate } from "../../core/preflight.ts";

const BASE_SECONDS = 3;
/** A guess, and told as one: nothing was measured on a real server. */
const FAST_BYTES_PER_SECOND = 40e6;
const SLOW_BYTES_PER_SECOND = 4e6;

/** How long the source will be read-only: from past runs, else by a guess. */
export function estimate({ usedBytes }: DatabaseFacts, past: readonly PastRun[]): WindowEstimate {
  const usable = past.filter(({ bytes, readOnlyMs }) => bytes > 0 && readOnlyMs > 0);
  const rates = usable.map((run) => run.bytes / Math.max(run.readOnlyMs / 1000 - BASE_SECONDS, 0.5));
  const fastest = rates.length > 0 ? Math.max(...rates) * 2 : FAST_BYTES_PER_SECOND;
  const slowest = rates.length > 0 ? Math.min(...rates) / 2 : SLOW_BYTES_PER_SECOND;
  const count = rates.length === 1 ? "one past migration" : `${rates.length} past migrations`;
  return {
    minSeconds: Math.round(BASE_SECONDS + usedBytes / fastest),
    maxSeconds: Math.ceil(BASE_SECONDS * 3 + usedBytes / slowest),
    source:
      rates.length > 0
        ? `Measured on ${count} of this fleet.`
        : "A guess: this engine is experimental, and nothing was measured yet.",
  };
}
