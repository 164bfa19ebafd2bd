import type { Freeze } from "../../core/freeze.ts";
import { mayBeHeldBefore } from "../../core/hold.ts";
import type { Migration } from "../../core/migration.ts";
import type { StoreTransaction } from "../../core/ports/store.ts";
import type { Step, StepRecord } from "../../core/step.ts";
import { editCard, post } from "../announce.ts";
import { markFrozen } from "../settle-freeze.ts";
import { forgetStep } from "./forget-step.ts";
import { undoStep } from "./roll-back.ts";
import type { Session } from "./session.ts";

/**
 * Lets a migration stand still where somebody wants that and a step has not begun. False when it is to go on. Decided
 * in the transaction that would begin the step, so that a pause is either kept or, once the source is about to be
 * closed, refused.
 */
export async function holdBefore(
  tx: StoreTransaction,
  session: Session,
  at: {
    readonly found: Migration;
    readonly records: readonly StepRecord[];
    readonly step: Step;
    readonly freeze: Freeze | undefined;
  },
): Promise<boolean> {
  const { found, records, step, freeze } = at;
  const { deps, lease } = session;
  if (!mayBeHeldBefore(found, records, step.name)) return false;
  if (freeze) await markFrozen(tx, found, { deps, freeze });
  else if (found.desired !== "pause") return false;
  const migration = await tx.moveMigration(found.id, "paused");
  await tx.append({
    migrationId: found.id,
    actor: `worker:${lease.owner}`,
    type: "paused",
    data: { before: step.name, epoch: lease.epoch },
  });
  if (found.desired === "pause")
    await post(tx, migration, "note", { kind: "paused", migration, by: migration.desiredBy });
  await editCard(tx, migration, deps.clock.now());
  return true;
}

/** Whether a step was stopped in its middle because the migration is to stand still. */
export function isStoppedToHold(step: Step, signal: AbortSignal): boolean {
  return step.hold === "stops" && signal.aborted;
}

/**
 * Takes a step back that was stopped in its middle, so that nothing of it goes on unwatched: it begins anew later.
 * False when it could not be taken back: support was called.
 */
export function takeBackToHold(session: Session, step: Step): Promise<boolean> {
  return undoStep(session, step, forgetStep);
}
