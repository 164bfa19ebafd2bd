import type { Failure } from "../../core/failure.ts";
import type { Migration } from "../../core/migration.ts";
import type { Notification, SourceState } from "../../core/notification.ts";
import { failureFacts, type StoreTransaction } from "../../core/ports/store.ts";
import { shownStep } from "../../core/step.ts";
import { edit, editCard, post } from "../announce.ts";
import type { Session } from "./session.ts";
import { packFor } from "./support-pack.ts";

/** Records a failure, pages support in the same transaction, and turns to what comes next. */
export async function fail(session: Session, failure: Failure): Promise<void> {
  const { deps, lease } = session;
  const { migrationId } = lease;
  await session.write(async (tx) => {
    const found = await tx.lockMigration(migrationId);
    if (!found) return;
    await markFailed(tx, migrationId, failure.step);
    const stays = found.pivotPassed || found.state === "rolling_back" || failure.stuck === true;
    const to = stays ? "needs_support" : "rolling_back";
    const migration = await tx.moveMigration(migrationId, to, { failure });
    await tx.append({
      migrationId,
      actor: `worker:${lease.owner}`,
      type: "failed",
      data: failureFacts(failure),
    });
    await tx.callSupport(migrationId);
    await post(tx, migration, "failure", await failedNotification(tx, migration, failure));
    await post(tx, migration, "pack", await packFor(tx, deps, { migration, failure }));
    await editCard(tx, migration, deps.clock.now());
  });
  deps.wakeSender();
}

/** A deadline may pass between two steps: the next one has not begun, so there is nothing of it to fail or to undo. */
async function markFailed(tx: StoreTransaction, migrationId: string, step: string): Promise<void> {
  const record = (await tx.steps(migrationId)).find(({ name }) => name === step);
  if (record?.startedAt) await tx.patchStep(migrationId, step, { status: "failed", waitingFor: null });
}

/** The message that calls support: where it stopped, why, and where the database is now. */
export async function failedNotification(
  tx: Pick<StoreTransaction, "steps">,
  migration: Migration,
  failure: Failure,
  isOpen = true,
): Promise<Notification> {
  const steps = await tx.steps(migration.id);
  const step = steps.find(({ name }) => name === failure.step);
  return {
    kind: "failed",
    migration,
    stepTitle: step?.title ?? failure.step,
    stepNumber: step?.sequence ?? 0,
    stepCount: steps.length,
    failure,
    steps: steps.map(shownStep),
    source: sourceStateOf(migration),
    isOpen,
  };
}

function sourceStateOf(migration: Migration): SourceState {
  if (migration.pivotPassed) return "moved";
  if (migration.state === "needs_support") return "unknown";
  if (migration.state === "rolled_back") return migration.readOnlyFrom ? "returned" : "untouched";
  return migration.readOnlyFrom ? "returning" : "untouched";
}

/** Takes the buttons from the message that called support: somebody has retried or solved the failure. */
export async function closeFailure(
  tx: Pick<StoreTransaction, "steps" | "send" | "answerSupport">,
  failed: Migration,
): Promise<void> {
  if (!failed.failure) return;
  await tx.answerSupport(failed.id);
  await edit(tx, failed, "failure", await failedNotification(tx, failed, failed.failure, false));
}
