import type { StepContext } from "../../../core/step.ts";
import { mayPass } from "../api/problem.ts";
import type { Platform } from "../platform.ts";

/**
 * Asks until the platform answers: an outage is no failure of a migration that has begun there. Throws what does not
 * pass by waiting, and the signal's reason.
 */
export async function untilAnswered<T>(
  { config }: Pick<Platform, "config">,
  context: StepContext,
  ask: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      context.signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      context.log.info({ err: error }, "asking again");
    }
    context.report({ label: "waiting for Clever Cloud's interface to answer" });
    await context.clock.sleep(config.poll.laterMs, context.signal);
  }
}
