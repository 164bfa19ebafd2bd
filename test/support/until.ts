import { setTimeout as sleep } from "node:timers/promises";

/** What to wait for. */
export interface UntilOptions {
  /** Default ten seconds. */
  readonly timeoutMs?: number;
  /** Ends the sentence "waited ten seconds for …". */
  readonly what: string;
  readonly everyMs?: number;
}

/**
 * Waits until the condition returns something true, and returns it. An error that it throws counts as
 * "not yet" and becomes the cause when time is up.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what, everyMs = 20 }: UntilOptions,
): Promise<Exclude<Awaited<T>, false | null | undefined | 0 | "">> {
  let cause: unknown;
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(everyMs)) {
    try {
      const value = await condition();
      if (value) return value as Exclude<Awaited<T>, false | null | undefined | 0 | "">;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
}
