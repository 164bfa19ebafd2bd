import { setTimeout as pause } from "node:timers/promises";
import { mayPass } from "../../core/failure.ts";

/** A server that restarts is back within this time. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 1_000;

/** Repeats, for half a minute, what must not be given up for an error that may pass. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const giveUpAt = performance.now() + PATIENCE_MS; ; ) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || performance.now() > giveUpAt) throw error;
      await pause(PAUSE_MS);
    }
  }
}
