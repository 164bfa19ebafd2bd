import { GodwitError } from "../../../core/failure.ts";
import type { StepContext } from "../../../core/step.ts";
import type { PlatformMigration } from "../api/schemas.ts";
import { endingOf } from "../endings.ts";
import { HandOff } from "../hand-off.ts";
import { onlyLooked } from "../phases.ts";
import type { Platform } from "../platform.ts";
import { before, isAtSource, readSubject } from "./subject.ts";
import { untilAnswered } from "./until-answered.ts";

/** The platform's parts may know of a return a little later than its migrations do. */
const LOOKS = 6;

/** What the end of a migration that is not OK means, after a look at the add-on itself. */
export async function endedBadly(
  platform: Platform,
  context: StepContext,
  run: PlatformMigration,
): Promise<GodwitError> {
  const { realId } = before(context);
  const ended = { migration: context.migration, owner: platform.config.owner, realId, run };
  // One that failed after more than looking has not returned, whatever the add-on says.
  if (run.status === "FAILED" && !onlyLooked(run)) return endingOf({ ...ended, isBack: false });
  try {
    return endingOf({ ...ended, isBack: await looksBack(platform, context) });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof GodwitError) || error.class !== "permanent") throw error;
    return unseen(error, run, new HandOff(ended));
  }
}

/** Whether the add-on is as it was; waits while the platform does not answer, and a little when it is not. */
async function looksBack(platform: Platform, context: StepContext): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    const facts = await untilAnswered(platform, context, () => readSubject(platform, context));
    if (isAtSource(facts, context)) return true;
    if (look >= LOOKS) return false;
    await context.clock.sleep(platform.config.poll.laterMs, context.signal);
  }
}

/** It is over, and Godwit may not look at the add-on. */
function unseen(
  { code, summary, remedy }: GodwitError,
  { migrationId, status }: PlatformMigration,
  cause: HandOff,
): GodwitError {
  return new GodwitError({
    code,
    class: "stuck",
    summary: `${migrationId} is over with ${status}, and Godwit cannot see whether the add-on is as it was before. ${summary}`,
    remedy: `${remedy} Then press Retry from this step: Godwit looks again.`,
    cause,
  });
}
