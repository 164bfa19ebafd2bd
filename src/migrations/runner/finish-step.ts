import { GATE_STEP, gateOf, isHeldBack } from "../../core/gate.ts";
import { isHoldWanted } from "../../core/hold.ts";
import type { Migration } from "../../core/migration.ts";
import type { MigrationPatch } from "../../core/ports/patches.ts";
import type { StoreTransaction } from "../../core/ports/store.ts";
import type { Step, StepResult } from "../../core/step.ts";
import { editCard, post } from "../announce.ts";
import type { Session } from "./session.ts";

/**
 * Stores a step's result together with everything that is told of it. False for a gate that somebody closed
 * after it had opened: decided in the transaction that ends it, so that a hold is either kept or refused.
 */
export async function finishStep(session: Session, step: Step, result: StepResult): Promise<boolean> {
  const { deps, lease } = session;
  const { migrationId } = lease;
  const isFinished = await session.write(async (tx) => {
    const finishedAt = deps.clock.now();
    if (await isClosedAgain(tx, migrationId, { step, now: finishedAt })) return false;
    const output = result.output ?? {};
    await tx.patchStep(migrationId, step.name, {
      status: "done",
      output,
      finishedAt,
      waitingFor: null,
      progress: null,
    });
    const data = { step: step.name, epoch: lease.epoch };
    await tx.append({ migrationId, actor: `worker:${lease.owner}`, type: "step-done", data });
    const migration = await tx.patchMigration(migrationId, patchOf(result));
    await tellMilestones(tx, migration, result);
    await editCard(tx, migration, finishedAt);
    return true;
  });
  deps.wakeSender();
  return isFinished;
}

interface Ending {
  readonly step: Step;
  readonly now: Date;
}

async function isClosedAgain(
  tx: StoreTransaction,
  migrationId: string,
  { step, now }: Ending,
): Promise<boolean> {
  if (step.name !== GATE_STEP) return false;
  const freeze = await tx.freeze();
  const found = await tx.lockMigration(migrationId);
  if (!found || !(freeze || isHoldWanted(found) || isHeldBack(gateOf(found), now))) return false;
  await tx.patchStep(migrationId, GATE_STEP, { attempt: 0 });
  return true;
}

function patchOf(result: StepResult): MigrationPatch {
  return {
    ...(result.proof && { proof: result.proof }),
    ...(result.readOnlyFrom && { readOnlyFrom: result.readOnlyFrom }),
    ...(result.readOnlyUntil && { readOnlyUntil: result.readOnlyUntil }),
  };
}

async function tellMilestones(tx: StoreTransaction, migration: Migration, result: StepResult): Promise<void> {
  if (result.readOnlyFrom) await post(tx, migration, "read-only", { kind: "read-only-began", migration });
  if (result.readOnlyUntil)
    await post(tx, migration, "read-only", { kind: "read-only-ended", migration, on: "new" });
}
