import { until } from "../until.ts";
import type { World } from "../world.ts";
import { describeMatch, type Match, type WaitOptions } from "./matching.ts";

interface Readable<Self> {
  matches(match: Match<Self>): boolean;
  text(): string;
}

/** Waits for the newest of some messages that matches. */
export function waitForMessage<Handle extends Readable<Handle>>(
  world: World,
  list: { where: string; handles: () => Handle[] },
  wait: { match: Match<Handle>; options: WaitOptions },
): Promise<Handle> {
  return until({
    feed: world.feed,
    signal: world.closing.signal,
    timeoutMs: wait.options.timeoutMs ?? world.settings.waitTimeoutMs,
    look: () => list.handles().findLast((handle) => handle.matches(wait.match)),
    wanted: `a message ${list.where} that matches ${describeMatch(wait.match)}`,
    present: () =>
      [...list.handles().map((handle) => `- ${handle.text()}`), ...recentTrouble(world)].join("\n") ||
      "nothing",
  });
}

/** What went wrong lately, for the message of a wait that ended in vain. */
export function recentTrouble(world: World): string[] {
  return [
    ...world.violations.slice(-3).map(({ where, messages }) => `refused ${where}: ${messages.join("; ")}`),
    ...world.calls
      .filter(({ error }) => error !== undefined)
      .slice(-3)
      .map(({ method, error }) => `${method} answered ${error}`),
    ...world.errors.slice(-3).map(({ kind, error, detail }) => `${kind}: ${error} (${detail})`),
  ];
}
