import { crashPoint } from "../../core/crash-point.ts";
import type { Migration } from "../../core/migration.ts";
import type { StoreTransaction } from "../../core/ports/store.ts";
import type { Step } from "../../core/step.ts";
import { edit, editCard, editRoot, post, tellWritable } from "../announce.ts";
import { fail, failedNotification } from "./fail.ts";
import { ATTEMPT_BUDGET, failureOf } from "./failure-of.ts";
import { pauseBeforeRepeat } from "./pause-before-repeat.ts";
import type { Session } from "./session.ts";
import { openContext } from "./step-context.ts";
import { packFor } from "./support-pack.ts";

/** Takes back every step that has begun, last first; ends in `rolled_back` or, when people asked, `cancelled`. */
export async function rollBack(session: Session): Promise<void> {
  const migration = await session.read();
  for (const step of session.provider.steps(migration).toReversed()) {
    const records = await session.deps.store.steps(migration.id);
    const record = records.find(({ name }) => name === step.name);
    // A step that a person had retried is pending once more; what it left behind is there all the same.
    if (!record?.startedAt || record.status === "undone") continue;
    const undone = await undoStep(session, step);
    if (!undone) return;
  }
  await session.write((tx) => concludeRollBack(tx, session));
  session.deps.wakeSender();
}

/** Takes one step back and notes it. False when it could not be taken back: support was called. */
export async function undoStep(session: Session, step: Step, note = recordUndone): Promise<boolean> {
  const { deps, lease, halt } = session;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [migration, records] = [await session.read(), await deps.store.steps(lease.migrationId)];
      const signal = AbortSignal.any([halt, AbortSignal.timeout(step.timeoutMs)]);
      await noteUndoing(session, step);
      crashPoint("undo: before");
      await step.undo?.(openContext({ session, migration, step, records, signal }).context);
      crashPoint("undo: after");
      await note(session, step);
      return true;
    } catch (error) {
      halt.throwIfAborted();
      const failure = { ...failureOf(step, error), code: "undo-failed" };
      deps.log.error({ ...failure, migrationId: lease.migrationId, attempt }, "undo stopped");
      if (attempt < ATTEMPT_BUDGET && failure.stuck !== true) await pauseBeforeRepeat(session, attempt);
      else {
        await fail(session, failure);
        return false;
      }
    }
  }
}

/** Before anything is touched, so that a worker that wakes up late within this step knows that its work is in vain. */
async function noteUndoing(session: Session, { name }: Step): Promise<void> {
  const { deps, lease } = session;
  await session.write((tx) => tx.patchStep(lease.migrationId, name, { undoingAt: deps.clock.now() }));
}

async function recordUndone(session: Session, step: Step): Promise<void> {
  const { deps, lease } = session;
  const { migrationId } = lease;
  await session.write(async (tx) => {
    await tx.patchStep(migrationId, step.name, { status: "undone", waitingFor: null, progress: null });
    const data = { step: step.name, epoch: lease.epoch };
    await tx.append({ migrationId, actor: `worker:${lease.owner}`, type: "step-undone", data });
    await editCard(tx, await tx.patchMigration(migrationId, {}), deps.clock.now());
  });
  // A step without an undo has opened nothing: those before it may have to.
  if (step.undo !== undefined && !(await deps.store.fence(migrationId)))
    await session.write((tx) => tellWritable(tx, migrationId, deps.clock.now()));
  deps.wakeSender();
}

async function concludeRollBack(tx: StoreTransaction, session: Session): Promise<void> {
  const { deps, lease } = session;
  const found = await tx.lockMigration(lease.migrationId);
  if (found?.state !== "rolling_back") return;
  const finishedAt = deps.clock.now();
  const to = found.failure ? "rolled_back" : "cancelled";
  const migration = await tx.moveMigration(found.id, to, { finishedAt });
  await tx.append({ migrationId: found.id, actor: `worker:${lease.owner}`, type: to.replace("_", "-") });
  await tellEnd(tx, session, migration);
  await editRoot(tx, migration);
  await editCard(tx, migration, finishedAt);
}

async function tellEnd(tx: StoreTransaction, { deps }: Session, migration: Migration): Promise<void> {
  const { failure } = migration;
  if (failure) {
    await edit(tx, migration, "failure", await failedNotification(tx, migration, failure));
    // Only now it is known what was undone.
    await edit(tx, migration, "pack", await packFor(tx, deps, { migration, failure }));
    return;
  }
  await post(tx, migration, "result", {
    kind: "cancelled",
    migration,
    by: migration.desiredBy,
    started: true,
  });
}
