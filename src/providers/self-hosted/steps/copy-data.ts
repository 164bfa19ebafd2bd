import type { Step } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { assertNotInService } from "../in-service.ts";
import { ensureHold, storedFence } from "./ensure-hold.ts";
import { engineOf, openPair, targetLocation } from "./subject.ts";

const DAY_MS = 86_400_000;

/** Copies all data under the fence, each time from the beginning. */
export function createCopyDataStep(fleet: Fleet): Step {
  return {
    name: "copy-data",
    title: "Copy the data",
    pivot: false,
    timeoutMs: DAY_MS,
    async run(context) {
      const hold = await ensureHold(fleet, context, storedFence(context));
      await assertNotInService(fleet, targetLocation(context));
      const pair = await openPair(fleet, context);
      const report = await engineOf(fleet, context).copyData(pair, hold, context);
      return { output: { ...report } };
    },
  };
}
