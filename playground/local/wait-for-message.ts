import { describeMatch, type Match, type WaitOptions } from "./matching.ts";
import { until } from "./until.ts";

interface Readable<Self> {
  matches(match: Match<Self>): boolean;
  text(): string;
}

/** The part of a local server's world that a wait needs. */
export interface WaitingRoom {
  readonly feed: { subscribe(listener: () => void): () => void };
  readonly closing: AbortController;
  readonly settings: { readonly waitTimeoutMs: number };
}

/** Waits for the newest of some messages that matches. */
export function waitForMessage<Handle extends Readable<Handle>>(
  room: WaitingRoom,
  list: { where: string; handles: () => Handle[]; trouble: () => string[] },
  wait: { match: Match<Handle>; options: WaitOptions },
): Promise<Handle> {
  return until({
    feed: room.feed,
    signal: room.closing.signal,
    timeoutMs: wait.options.timeoutMs ?? room.settings.waitTimeoutMs,
    look: () => list.handles().findLast((handle) => handle.matches(wait.match)),
    wanted: `a message ${list.where} that matches ${describeMatch(wait.match)}`,
    present: () =>
      [...list.handles().map((handle) => `- ${handle.text()}`), ...list.trouble()].join("\n") || "nothing",
  });
}
