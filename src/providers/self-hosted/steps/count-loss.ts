import type { Loss } from "../../../core/loss.ts";
import type { FenceHold } from "../../../core/ports/engine.ts";
import type { Json, JsonObject, Step, StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { ensureHold, storedFence } from "./ensure-hold.ts";
import { engineOf, openPair } from "./subject.ts";

const DAY_MS = 86_400_000;

/** Counts, now that nobody writes, what the return loses. The output names the hold that the count is good for. */
export function createCountLossStep(fleet: Fleet): Step {
  return {
    name: "count-loss",
    title: "Count what was written since the switch",
    pivot: false,
    timeoutMs: DAY_MS,
    async run(context) {
      const hold = await ensureHold(fleet, context, storedFence(context));
      return { output: await countUnder(fleet, context, hold) };
    },
  };
}

/** Counts all tables, however long it takes, while the new database is read-only. */
export async function countUnder(fleet: Fleet, context: StepContext, hold: FenceHold): Promise<JsonObject> {
  const { source: now, target: before } = await openPair(fleet, context);
  const { reversal } = engineOf(fleet, context);
  const loss = await reversal?.loss({ now, before }, markOf(context), { call: context });
  await hold.assertAlive();
  return { holdSince: hold.since.toISOString(), loss: loss === undefined ? null : asJson(loss) };
}

function markOf(context: StepContext): JsonObject | null {
  return (context.outputOf("check")["mark"] ?? null) as JsonObject | null;
}

function asJson(loss: Loss): Json {
  return { ...loss, tables: loss.tables.map((table) => ({ ...table })) };
}
