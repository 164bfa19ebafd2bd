import { GodwitError } from "../../../core/failure.ts";
import type { DatabasePair, FenceHold } from "../../../core/ports/engine.ts";
import type { Proof } from "../../../core/proof.ts";
import type { Step, StepContext } from "../../../core/step.ts";
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
          ? await verifyLive(fleet, context, { pair, hold })
          : await engineOf(fleet, context).verify(pair, hold, context);
      return { output: { holdSince: hold.since.toISOString() }, proof };
    },
  };
}

/**
 * What was written while a worker that died had let go of the fence came after the last changes that were taken over:
 * then the sides differ, the copy is not wrong, and the switch begins again.
 */
async function verifyLive(
  fleet: Fleet,
  context: StepContext,
  { pair, hold }: { readonly pair: DatabasePair; readonly hold: FenceHold },
): Promise<Proof> {
  const isDrainsHold = context.outputOf("drain")["holdSince"] === hold.since.toISOString();
  try {
    return await replicationOf(fleet, context).verify(pair, planOf(fleet, context), { hold, call: context });
  } catch (error) {
    if (isDrainsHold || !(error instanceof GodwitError) || error.code !== "verification-mismatch")
      throw error;
    throw new GodwitError({
      code: "fence-interrupted",
      class: "transient",
      summary:
        "The fence was interrupted after the last changes were taken over, and the old database has changed since.",
      remedy: "Godwit tries again by itself.",
      cause: error,
    });
  }
}
