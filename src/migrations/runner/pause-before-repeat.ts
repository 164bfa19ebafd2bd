import type { Session } from "./session.ts";

/** Waits with full jitter, twice as long for each attempt; ends with the session's halt. */
export async function pauseBeforeRepeat({ deps, halt }: Session, attempt: number): Promise<void> {
  const ceilingMs = deps.timings.retryMs * 2 ** attempt;
  await deps.clock.sleep(deps.random() * ceilingMs, halt);
}
