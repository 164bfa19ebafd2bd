import { crashPoint } from "../../../core/crash-point.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import { readStoredFence, type StoredFence, writeStoredFence } from "../fence-notes.ts";
import type { Fleet } from "../fleet.ts";
import { takeFenceAway } from "../take-fence-away.ts";
import { assertSameSchema } from "./assert-same-schema.ts";
import { ensureHold } from "./ensure-hold.ts";
import { fenceLimitMs } from "./fence-limit.ts";
import { engineOf, isReturn, openSource, sourceLocation } from "./subject.ts";

const MINUTE_MS = 60_000;

/** Makes the source read-only, and proves it. */
export function createFenceStep(fleet: Fleet, side: "old" | "new" = "old"): Step {
  return {
    name: "fence",
    title: `Make the ${side} database read-only`,
    pivot: false,
    hold: "ends",
    timeoutMs: 10 * MINUTE_MS,
    async run(context) {
      const fence = await settleFence(fleet, context);
      await context.recordFence({ undo: fence.notes, deadline: fence.deadline });
      const hold = await ensureHold(fleet, context, fence);
      const since = fence.since ?? hold.since;
      await context.saveCheckpoint(writeStoredFence({ ...fence, since }));
      const source = await openSource(fleet, context);
      await engineOf(fleet, context).proveFence(source, hold, context.signal);
      crashPoint("fence: proved");
      if (!isReturn(context)) await assertSameSchema(fleet, context);
      return { output: writeStoredFence({ ...fence, since }), readOnlyFrom: since };
    },
    undo: (context) => liftFence(fleet, context),
  };
}

/** Planned once: planned again on a fenced database, the notes would tell to restore the fence. */
async function settleFence(fleet: Fleet, context: StepContext): Promise<StoredFence> {
  if (context.checkpoint !== null) return readStoredFence(context.checkpoint);
  const source = await openSource(fleet, context);
  const engineNotes = await engineOf(fleet, context).planFence(source, context.signal);
  const deadline = new Date(context.clock.now().getTime() + fenceLimitMs(fleet, context.migration));
  const fence = { notes: { source: sourceLocation(context), engineNotes }, deadline, since: null };
  await context.saveCheckpoint(writeStoredFence(fence));
  return fence;
}

async function liftFence(fleet: Fleet, context: StepContext): Promise<void> {
  if (context.checkpoint !== null) {
    const { notes } = readStoredFence(context.checkpoint);
    await context.beginLift();
    await takeFenceAway(fleet, { undo: notes, migrationId: context.migration.id }, context.signal);
    crashPoint("fence: undone");
  }
  await context.liftFence();
}
