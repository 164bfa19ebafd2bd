import { setTimeout as sleep } from "node:timers/promises";
import type { Owned, Ownership } from "../../src/core/ports/ownership.ts";

/** Rights in memory, as a database would grant them to several processes. */
export function oneAtATime(): Ownership & { lose(): void } {
  let held: AbortController | null = null;
  const take = (): Owned => {
    const mine = new AbortController();
    held = mine;
    return {
      lost: mine.signal,
      release: async () => {
        if (held === mine) held = null;
      },
    };
  };
  return {
    own: async (_, signal) => {
      const isFree = (): boolean => held === null;
      while (!isFree() && !signal.aborted) await sleep(20);
      signal.throwIfAborted();
      return take();
    },
    lose: () => held?.abort(),
  };
}
