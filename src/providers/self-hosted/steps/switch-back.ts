import { isCarriedOver } from "../../../core/loss.ts";
import type { FenceHold } from "../../../core/ports/engine.ts";
import type { JsonObject, Step, StepContext } from "../../../core/step.ts";
import { readStoredFence } from "../fence-notes.ts";
import type { Fleet } from "../fleet.ts";
import { endFollowing } from "../following.ts";
import { onServer } from "../server-reach.ts";
import { gone } from "../way-back.ts";
import { drainUnder, verifyUnder } from "./carry-over.ts";
import { countUnder } from "./count-loss.ts";
import { createMoveStep } from "./move-addon.ts";
import { engineOf, openTarget } from "./subject.ts";

/** Moves the add-on back to the database that it has left, which is opened once there is no other way any more. */
export function createSwitchBackStep(fleet: Fleet): Step {
  return createMoveStep(fleet, {
    title: "Switch back to the old database",
    /** Between two holds the new database was open to whoever insisted. */
    async assertProved(context, hold) {
      if (isCarriedOver(context.migration.preflight.loss))
        return await assertCarriedOver(fleet, context, hold);
      if (context.outputOf("count-loss")["holdSince"] === hold.since.toISOString()) return;
      context.log.warn({ since: hold.since }, "fence was rebuilt, counting again");
      await countUnder(fleet, context, hold);
    },
    async arrive(context) {
      await stopFollowing(fleet, context);
      await openOld(fleet, context);
      return {};
    },
  });
}

/** Between two holds somebody may have written, which is taken over again. */
async function assertCarriedOver(fleet: Fleet, context: StepContext, hold: FenceHold): Promise<void> {
  if (context.outputOf("verify")["holdSince"] === hold.since.toISOString()) return;
  context.log.warn({ since: hold.since }, "fence was rebuilt, taking over and comparing again");
  await drainUnder(fleet, context, hold);
  await verifyUnder(fleet, context, hold);
}

/** Nothing but applications writes to the old database from here on; what cannot be freed yet, the last step does. */
async function stopFollowing(fleet: Fleet, context: StepContext): Promise<void> {
  try {
    await endFollowing(fleet, context.migration.revertOf ?? "", context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ err: error }, "what the old database has followed is not all gone yet");
  }
}

/** Opened sooner, it would take writes of an application that holds its address, which an undo would lose. */
async function openOld(fleet: Fleet, context: StepContext): Promise<void> {
  const undone = context.migration.revertOf ?? "";
  const stored = await fleet.store.stepOutput(undone, "fence");
  if (stored === undefined) throw gone();
  const { notes } = readStoredFence(stored);
  const old = await openTarget(fleet, context);
  const engine = engineOf(fleet, context);
  const entrance = (context.outputOf("check")["entrance"] ?? null) as JsonObject | null;
  await onServer(old.server.id, async () => {
    await engine.unfence(old, notes.engineNotes, undone, context.signal);
    await engine.reversal?.reopen(old, entrance, context.signal);
  });
}
