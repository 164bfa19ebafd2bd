import type { Step } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { ensureHold, storedFence } from "./ensure-hold.ts";
import { planOf, replicationOf } from "./replication.ts";
import { openPair } from "./subject.ts";

const MINUTE_MS = 60_000;

/** Waits under the fence until the new database has every change, and stops it there. */
export function createDrainStep(fleet: Fleet): Step {
  return {
    name: "drain",
    title: "Take over the last changes",
    pivot: false,
    timeoutMs: 60 * MINUTE_MS,
    async run(context) {
      const hold = await ensureHold(fleet, context, storedFence(context));
      const pair = await openPair(fleet, context);
      await replicationOf(fleet, context).drain(pair, planOf(fleet, context), { hold, call: context });
      return { output: { holdSince: hold.since.toISOString() } };
    },
  };
}
