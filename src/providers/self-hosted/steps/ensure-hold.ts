import { crashPoint } from "../../../core/crash-point.ts";
import { GodwitError } from "../../../core/failure.ts";
import type { FenceHold } from "../../../core/ports/engine.ts";
import type { StepContext } from "../../../core/step.ts";
import { readStoredFence, type StoredFence } from "../fence-notes.ts";
import type { Fleet } from "../fleet.ts";
import { openAccess } from "../location.ts";
import { takeFenceAway } from "../take-fence-away.ts";
import { engineOf } from "./subject.ts";

/** Told to nobody: whoever comes here has lost its migration, and its signal may be aborted. */
const TAKE_BACK_MS = 60_000;

/** The fence that the fence step built. */
export function storedFence(context: StepContext): StoredFence {
  return readStoredFence(context.outputOf("fence"));
}

/**
 * The hold on the source: the one that this process has, or a new one when the worker that had it died
 * or lost it. Data written in between is found by verification, which runs after this. Throws a
 * `GodwitError` (`fence-expired`) past the deadline: every process may be opening the source by then.
 */
export async function ensureHold(fleet: Fleet, context: StepContext, fence: StoredFence): Promise<FenceHold> {
  assertInTime(fence, context.clock.now());
  const { id } = context.migration;
  const alive = fleet.holds.alive(id);
  if (alive !== undefined) return alive;
  await fleet.holds.release(id);
  const source = await openAccess(fleet, fence.notes.source);
  await context.beginBuild();
  const hold = await engineOf(fleet, context).fence(source, fence.notes.engineNotes, id, context);
  fleet.holds.keep(id, hold);
  crashPoint("fence: built");
  await takeBackUnwanted(fleet, context, fence);
  return hold;
}

/**
 * A process that was suspended while it built may have fenced a database that was opened meanwhile, which nobody would
 * open again. While the record stands somebody else will.
 */
async function takeBackUnwanted(fleet: Fleet, context: StepContext, { notes }: StoredFence): Promise<void> {
  if (await context.fenceStands()) return context.endBuild();
  const { id: migrationId } = context.migration;
  await takeFenceAway(fleet, { undo: notes, migrationId }, AbortSignal.timeout(TAKE_BACK_MS));
  await context.endBuild();
  throw new GodwitError({
    code: "fence-unwanted",
    class: "lost",
    summary: "The old database was opened again while it was being made read-only.",
    remedy: "Nothing needs to be done.",
  });
}

function assertInTime({ deadline }: StoredFence, now: Date): void {
  if (now < deadline) return;
  throw new GodwitError({
    code: "fence-expired",
    summary: "The database was read-only for as long as godwit.yaml allows, so it returns to its old place.",
    remedy: "Raise fenceLimit in godwit.yaml, or migrate at a quieter time.",
  });
}
