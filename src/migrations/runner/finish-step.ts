import type { Migration } from "../../core/migration.ts";
import type { MigrationPatch, StoreTransaction } from "../../core/ports/store.ts";
import type { Step, StepResult } from "../../core/step.ts";
import { editCard, post } from "../announce.ts";
import type { Session } from "./session.ts";

/** Stores a step's result together with everything that is told of it. */
export async function finishStep(session: Session, step: Step, result: StepResult): Promise<void> {
  const { deps, lease } = session;
  const { migrationId } = lease;
  await session.write(async (tx) => {
    const finishedAt = deps.clock.now();
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
  });
  deps.wakeSender();
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
