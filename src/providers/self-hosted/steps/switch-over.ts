import type { Step } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { keepFollowing } from "./keep-following.ts";
import { createMoveStep } from "./move-addon.ts";
import { engineOf, openPair } from "./subject.ts";

/** Moves the add-on to the new database. */
export function createSwitchOverStep(fleet: Fleet): Step {
  return createMoveStep(fleet, {
    title: "Switch to the new database",
    /** A proof is good for the hold it was made under: after a crash the source was open to whoever insisted. */
    async assertProved(context, hold) {
      if (context.outputOf("verify")["holdSince"] === hold.since.toISOString()) return;
      context.log.warn({ since: hold.since }, "fence was rebuilt, verifying again");
      await engineOf(fleet, context).verify(await openPair(fleet, context), hold, context);
    },
    arrive: async (context) => ({ following: await keepFollowing(fleet, context) }),
  });
}
