import { formatDuration } from "../../core/format.ts";
import type { DatabaseFacts } from "../../core/ports/engine.ts";
import type { Finding } from "../../core/preflight.ts";
import type { LiveOrder } from "./order.ts";
import { type CopyRun, NO_LIMITS } from "./run-copy.ts";

/** Whether preflight lets the copy begin; tells what it found. */
export async function isAllowed(run: CopyRun, live: LiveOrder | null): Promise<boolean> {
  const { engine, opened, reporter, call } = run;
  const { source, target } = opened.pair;
  const strategy = live === null ? "dump" : "live";
  const input = { source, target, targetServer: target.server, targetPlan: NO_LIMITS, strategy } as const;
  const found = await engine.preflight(input, call.signal);
  const findings = live === null ? found : [...found, ...(await judgeLive(run, live, found))];
  for (const finding of findings) reporter.finding(finding);
  return !findings.some(({ level }) => level === "blocker");
}

/** Every obstacle to a replication, each with its remedy, that preflight has not named already. */
async function judgeLive(
  { engine, opened, call }: CopyRun,
  live: LiveOrder,
  found: readonly Finding[],
): Promise<Finding[]> {
  const facts = await engine.inspect(opened.pair.source, call.signal);
  const verdict = engine.judgeStrategy("live", facts);
  if (verdict.allowed) return judgeSwitch(engine.estimate(facts, [], "live").minSeconds, live);
  const named = new Set(found.filter(({ level }) => level === "blocker").map(({ check }) => check));
  const unnamed = obstaclesOf(facts).filter(({ check }) => !named.has(check));
  if (unnamed.length > 0 || named.size > 0) return unnamed;
  const { code, summary, remedy } = verdict.refusal;
  return [{ check: code, level: "blocker", summary, remedy }];
}

function obstaclesOf({ liveObstacles = [] }: DatabaseFacts): Finding[] {
  return liveObstacles.map((obstacle) => ({ ...obstacle, level: "blocker" }));
}

/** A switch that is likely to be taken back each time is worth a word before hours of copying. */
function judgeSwitch(minSeconds: number, { switchLimitMs }: LiveOrder): Finding[] {
  if (minSeconds * 1000 <= switchLimitMs) return [];
  const summary = `The switch may take longer than ${formatDuration(switchLimitMs)}, after which it is taken back.`;
  return [{ check: "switch-too-long", level: "warning", summary, remedy: "Raise --switch-limit." }];
}
