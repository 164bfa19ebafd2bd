import { GodwitError } from "../../../core/failure.ts";
import type { StepContext } from "../../../core/step.ts";
import { ApiProblem } from "../api/problem.ts";
import { isOver, isRecovering } from "../phases.ts";
import type { Platform } from "../platform.ts";
import { endedBadly } from "./ended-badly.ts";
import { followRun } from "./follow-run.ts";
import { readOrder } from "./order.ts";
import { waitForOrdered } from "./reconcile.ts";
import { findStartedId } from "./subject.ts";
import { untilAnswered } from "./until-answered.ts";

/** Takes back what an order began, also when its answer was lost; nothing when it never arrived. */
export async function takeBackOrder(platform: Platform, context: StepContext): Promise<void> {
  const migrationId = await orderedId(platform, context);
  if (migrationId !== undefined) await takeBack(platform, context, migrationId);
}

/** Takes back what the finished order began; while the order has not finished, its own undo sees to it. */
export async function takeBackStarted(platform: Platform, context: StepContext): Promise<void> {
  const migrationId = findStartedId(context);
  if (migrationId !== undefined) await takeBack(platform, context, migrationId);
}

/**
 * Makes the platform end a migration, and waits for it: before the switch it returns to the old database. When it
 * takes no cancel any more the end is waited for all the same. Throws when the database has moved or the platform
 * could not return; a second call looks again.
 */
async function takeBack(platform: Platform, context: StepContext, migrationId: string): Promise<void> {
  const run = await followRun(platform, context, { migrationId, until: () => true });
  if (!isOver(run) && !isRecovering(run)) await cancel(platform, context, migrationId);
  const ended = await followRun(platform, context, { migrationId, until: isOver });
  if (ended.status === "OK") throw tooLate(context);
  const ending = await endedBadly(platform, context, ended);
  if (ending.class === "stuck") throw ending;
}

/** Undefined when nothing was ordered, or the order never arrived. */
async function orderedId(platform: Platform, context: StepContext): Promise<string | undefined> {
  const order = readOrder(context.checkpoint);
  if (order === null || order.migrationId !== null) return order?.migrationId ?? undefined;
  return (await waitForOrdered(platform, context, order))?.migrationId;
}

/** A cancel may be sent again: it names what it ends. Whatever a platform refuses, its end is then waited for. */
async function cancel(platform: Platform, context: StepContext, migrationId: string): Promise<void> {
  const { addonId } = context.migration.source;
  try {
    await untilAnswered(platform, context, () =>
      platform.api.abortMigration(addonId, migrationId, context.signal),
    );
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof ApiProblem)) throw error;
    context.log.info({ platformMigrationId: migrationId, err: error }, "cancel not taken");
  }
}

function tooLate({ migration }: StepContext): GodwitError {
  const { source, target, targetPlan } = migration;
  return new GodwitError({
    code: "cancel-too-late",
    class: "stuck",
    summary: `The cancel came too late: Clever Cloud had begun to move ${source.addonName}, which is on ${targetPlan.name}, ${source.engineName} ${target.version} in zone ${target.zone} now.`,
    remedy: "Press Retry from this step: Godwit then looks at the new database and the applications.",
  });
}
