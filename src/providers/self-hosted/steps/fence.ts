import { GodwitError } from "../../../core/failure.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import { readStoredFence, type StoredFence, writeStoredFence } from "../fence-notes.ts";
import type { Fleet } from "../fleet.ts";
import { takeFenceAway } from "../take-fence-away.ts";
import { ensureHold } from "./ensure-hold.ts";
import { engineOf, openSource, sourceLocation } from "./subject.ts";

const MINUTE_MS = 60_000;

/** Makes the source read-only, and proves it. */
export function createFenceStep(fleet: Fleet): Step {
  return {
    name: "fence",
    title: "Make the old database read-only",
    pivot: false,
    timeoutMs: 10 * MINUTE_MS,
    async run(context) {
      const fence = await settleFence(fleet, context);
      await context.recordFence({ undo: fence.notes, deadline: fence.deadline });
      const hold = await ensureHold(fleet, context, fence);
      const since = fence.since ?? hold.since;
      await context.saveCheckpoint(writeStoredFence({ ...fence, since }));
      const source = await openSource(fleet, context);
      await engineOf(fleet, context).proveFence(source, hold, context.signal);
      await assertSameSchema(fleet, context);
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
  const deadline = new Date(context.clock.now().getTime() + fleet.config.fenceLimitMs);
  const fence = { notes: { source: sourceLocation(context), engineNotes }, deadline, since: null };
  await context.saveCheckpoint(writeStoredFence(fence));
  return fence;
}

async function assertSameSchema(fleet: Fleet, context: StepContext): Promise<void> {
  const source = await openSource(fleet, context);
  const now = await engineOf(fleet, context).schemaFingerprint(source, context.signal);
  if (now === context.outputOf("copy-schema")["fingerprint"]) return;
  throw new GodwitError({
    code: "schema-changed",
    summary: "Somebody changed the schema while it was being copied.",
    remedy: "Try again when no deployment is changing tables.",
  });
}

async function liftFence(fleet: Fleet, context: StepContext): Promise<void> {
  if (context.checkpoint !== null) {
    const { notes } = readStoredFence(context.checkpoint);
    await takeFenceAway(fleet, { undo: notes, migrationId: context.migration.id }, context.signal);
  }
  await context.liftFence();
}
