import type { Match, WaitOptions } from "../../local/matching.ts";
import { waitForMessage as waitForLocalMessage } from "../../local/wait-for-message.ts";
import type { World } from "../world.ts";
import type { MessageHandle } from "./message-handle.ts";

/** Waits for the newest of some messages that matches. */
export function waitForMessage(
  world: World,
  list: { where: string; handles: () => MessageHandle[] },
  wait: { match: Match<MessageHandle>; options: WaitOptions },
): Promise<MessageHandle> {
  return waitForLocalMessage(world, { ...list, trouble: () => recentTrouble(world) }, wait);
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
