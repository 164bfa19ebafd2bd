import type { JsonObject, Step, StepContext } from "../../../core/step.ts";
import { readStoredFence } from "../fence-notes.ts";
import type { Fleet } from "../fleet.ts";
import { onServer } from "../server-reach.ts";
import { gone } from "../way-back.ts";
import { countUnder } from "./count-loss.ts";
import { createMoveStep } from "./move-addon.ts";
import { engineOf, openTarget } from "./subject.ts";

/** Moves the add-on back to the database that it has left, which is opened once there is no other way any more. */
export function createSwitchBackStep(fleet: Fleet): Step {
  return createMoveStep(fleet, {
    title: "Switch back to the old database",
    /** Between two holds the new database was open to whoever insisted. */
    async assertProved(context, hold) {
      if (context.outputOf("count-loss")["holdSince"] === hold.since.toISOString()) return;
      context.log.warn({ since: hold.since }, "fence was rebuilt, counting again");
      await countUnder(fleet, context, hold);
    },
    arrive: (context) => openOld(fleet, context),
  });
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
