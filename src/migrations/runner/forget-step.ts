import type { StoreTransaction } from "../../core/ports/store.ts";
import type { Step } from "../../core/step.ts";
import { editCard } from "../announce.ts";
import type { Session } from "./session.ts";

/** Notes that a step was taken back, as if it had never begun: what it noted speaks of something that is gone. */
export async function forgetStep(session: Session, step: Step): Promise<void> {
  const { deps, lease } = session;
  const { migrationId } = lease;
  await session.write(async (tx) => {
    await resetStep(tx, migrationId, step.name);
    const data = { step: step.name, epoch: lease.epoch };
    await tx.append({ migrationId, actor: `worker:${lease.owner}`, type: "step-undone", data });
    await editCard(tx, await tx.patchMigration(migrationId, {}), deps.clock.now());
  });
}

/** Makes a step pending again. */
export function resetStep(tx: StoreTransaction, migrationId: string, step: string): Promise<void> {
  const fresh = {
    attempt: 0,
    crashes: 0,
    crashStreak: 0,
    checkpoint: null,
    output: null,
    progress: null,
    waitingFor: null,
  };
  return tx.patchStep(migrationId, step, {
    ...fresh,
    status: "pending",
    startedAt: null,
    finishedAt: null,
    undoingAt: null,
  });
}
