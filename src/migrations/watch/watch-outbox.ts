import type { Dependencies } from "../dependencies.ts";

const AGAIN_MS = 5 * 60_000;

/** Logs an error when messages have waited for long, at most every five minutes. The metric of the same name tells it too. */
export function createOutboxWatch(): (deps: Dependencies) => Promise<void> {
  let toldAt = Number.NEGATIVE_INFINITY;
  return async ({ store, log, clock, timings }) => {
    const oldestMs = await store.oldestUnsentMs();
    const now = clock.now().getTime();
    if (oldestMs < timings.outboxLateMs || now - toldAt < AGAIN_MS) return;
    toldAt = now;
    log.error({ oldestMs: Math.round(oldestMs) }, "chat messages are not getting through");
  };
}
