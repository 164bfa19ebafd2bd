import type { GodwitError } from "../../../core/failure.ts";
import type { StepContext } from "../../../core/step.ts";
import { mayPass } from "../api/problem.ts";
import type { PlatformMigration } from "../api/schemas.ts";
import { endingOf } from "../endings.ts";
import type { Platform } from "../platform.ts";
import { before, isAtSource, readSubject } from "./subject.ts";

/** What the end of a migration that is not OK means, after a look at the add-on itself. */
export async function endedBadly(
  platform: Platform,
  context: StepContext,
  run: PlatformMigration,
): Promise<GodwitError> {
  const isBack = await looksBack(platform, context);
  const { realId } = before(context);
  return endingOf({ migration: context.migration, owner: platform.config.owner, realId, run, isBack });
}

/** Whether the add-on is as it was; waits while the platform does not answer. */
async function looksBack(platform: Platform, context: StepContext): Promise<boolean> {
  for (;;) {
    try {
      return isAtSource(await readSubject(platform, context), context);
    } catch (error) {
      context.signal.throwIfAborted();
      if (!mayPass(error)) return false;
      await context.clock.sleep(platform.config.poll.laterMs, context.signal);
    }
  }
}
