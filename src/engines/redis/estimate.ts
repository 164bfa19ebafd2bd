import type { DatabaseFacts, PastRun } from "../../core/ports/engine.ts";
import type { WindowEstimate } from "../../core/preflight.ts";
import type { Strategy } from "../../core/target.ts";

const MEBIBYTE = 1024 * 1024;
const BASE_SECONDS = 1;
/** Copy and comparison; measured with bench data on two cores that both servers shared. */
const FAST = { keysPerSecond: 120_000, bytesPerSecond: 150 * MEBIBYTE };
const SLOW = { keysPerSecond: 15_000, bytesPerSecond: 20 * MEBIBYTE };
/** Live, the copy is there already, and only the comparison is made under the fence. */
const LIVE_SHARE = 0.6;

type Seconds = Pick<WindowEstimate, "minSeconds" | "maxSeconds">;

function byRule({ usedBytes, rows }: DatabaseFacts, strategy: Strategy): Seconds {
  const share = strategy === "live" ? LIVE_SHARE : 1;
  const fast = rows / FAST.keysPerSecond + usedBytes / FAST.bytesPerSecond;
  const slow = rows / SLOW.keysPerSecond + usedBytes / SLOW.bytesPerSecond;
  return {
    minSeconds: Math.round(BASE_SECONDS + fast * share),
    maxSeconds: Math.ceil(BASE_SECONDS * 3 + slow * share),
  };
}

function byPast({ usedBytes }: DatabaseFacts, past: readonly PastRun[]): Seconds {
  const rates = past.map((run) => run.bytes / Math.max(run.readOnlyMs / 1000 - BASE_SECONDS, 0.5));
  return {
    minSeconds: Math.round(BASE_SECONDS + usedBytes / (Math.max(...rates) * 2)),
    maxSeconds: Math.ceil(BASE_SECONDS * 3 + usedBytes / (Math.min(...rates) / 2)),
  };
}

/** How long the source will refuse writes: from past runs of the strategy, else from our own measurements. */
export function estimate(
  facts: DatabaseFacts,
  past: readonly PastRun[],
  strategy: Strategy = "dump",
): WindowEstimate {
  const usable = past.filter(
    (run) => (run.strategy ?? "dump") === strategy && run.bytes > 0 && run.readOnlyMs > 0,
  );
  if (usable.length > 0) {
    const count = usable.length === 1 ? "one past migration" : `${usable.length} past migrations`;
    return { ...byPast(facts, usable), source: `Measured on ${count} of this fleet.` };
  }
  const source =
    "A rule of thumb from Godwit's own measurements, since this fleet has no past migration of this kind yet.";
  return { ...byRule(facts, strategy), source };
}
