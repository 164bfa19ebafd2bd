import type { Step } from "../../../core/step.ts";
import { strategyOf } from "../../../core/target.ts";
import type { Fleet } from "../fleet.ts";
import { ensureHold, storedFence } from "./ensure-hold.ts";
import { planOf, replicationOf } from "./replication.ts";
import { engineOf, openPair } from "./subject.ts";

const DAY_MS = 86_400_000;

/** Compares both databases under the fence. The output names the hold that the proof is good for. */
export function createVerifyStep(fleet: Fleet): Step {
  return {
    name: "verify",
    title: "Compare both databases",
    pivot: false,
    timeoutMs: DAY_MS,
    async run(context) {
      const hold = await ensureHold(fleet, context, storedFence(context));
      const pair = await openPair(fleet, context);
      const proof =
        strategyOf(context.migration.target.strategy) === "live"
          ? await replicationOf(fleet, context).verify(pair, planOf(fleet, context), { hold, call: context })
          : await engineOf(fleet, context).verify(pair, hold, context);
      return { output: { holdSince: hold.since.toISOString() }, proof };
    },
  };
}
