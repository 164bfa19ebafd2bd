import { GodwitError } from "../../../core/failure.ts";
import type { StepContext } from "../../../core/step.ts";
import { ApiProblem, mayPass } from "../api/problem.ts";
import { isOver, isRecovering } from "../phases.ts";
import type { Platform } from "../platform.ts";
import { endedBadly } from "./ended-badly.ts";
import { followRun } from "./follow-run.ts";
import { readOrder } from "./order.ts";
import { waitForOrdered } from "./reconcile.ts";

/** A cancel may be sent again: it names what it ends. */
const ATTEMPTS = 5;

/**
 * Makes the platform end what was ordered, and waits for it: before the switch it returns to the old database. When it
 * takes no cancel any more the end is waited for all the same. Throws when the database has moved or the platform
 * could not return; a second call looks again.
 */
export async function takeBack(platform: Platform, context: StepContext): Promise<void> {
  const migrationId = await orderedId(platform, context);
  if (migrationId === undefined) return;
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

/** A platform that is too far refuses, and then its end is all there is to wait for. */
async function cancel({ api, config }: Platform, context: StepContext, migrationId: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.abortMigration(context.migration.source.addonId, migrationId, context.signal);
    } catch (error) {
      context.signal.throwIfAborted();
      context.log.info({ platformMigrationId: migrationId, attempt, err: error }, "cancel not taken");
      if (error instanceof ApiProblem && error.kind === "rejected") return;
      if (!mayPass(error) || attempt >= ATTEMPTS) throw error;
      await context.clock.sleep(config.poll.firstMs * attempt, context.signal);
    }
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
