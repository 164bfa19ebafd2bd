import type { Failure } from "../../core/failure.ts";
import { afterReturn, beginReturn, GATE_STEP, gateOf } from "../../core/gate.ts";
import type { Migration } from "../../core/migration.ts";
import { failureFacts, type StoreTransaction } from "../../core/ports/store.ts";
import type { StepRecord } from "../../core/step.ts";
import { editCard, post, tellWritable } from "../announce.ts";
import { forgetStep, resetStep } from "./forget-step.ts";
import { undoStep } from "./roll-back.ts";
import type { Session } from "./session.ts";

/**
 * Takes back everything since the gate after a switch that did not come through: writes are open again, the
 * copy goes on following, and the migration waits at its gate. The intent is stored first, so that another
 * worker completes a return in whose middle this one dies. False when support has to see to it.
 */
export async function returnToGate(session: Session, failure: Failure): Promise<boolean> {
  await noteReturning(session, failure);
  return completeReturn(session);
}

/** Whether a worker died while it took a switch back. */
export function isReturning(migration: Migration): boolean {
  return migration.gate?.state === "returning" && !migration.pivotPassed;
}

/** Goes on with a return from wherever it is. */
export async function completeReturn(session: Session): Promise<boolean> {
  const { deps, provider, lease } = session;
  const steps = provider.steps(await session.read());
  const gate = steps.findIndex(({ name }) => name === GATE_STEP);
  for (const step of steps.slice(gate + 1).toReversed()) {
    const record = (await deps.store.steps(lease.migrationId)).find(({ name }) => name === step.name);
    if (!hasBegun(record)) continue;
    if (!(await undoStep(session, step, forgetStep))) return false;
  }
  await session.write((tx) => concludeReturn(tx, session));
  deps.wakeSender();
  return true;
}

function hasBegun(record: StepRecord | undefined): boolean {
  return record !== undefined && record.startedAt !== null;
}

async function noteReturning(session: Session, failure: Failure): Promise<void> {
  const { deps, lease } = session;
  const { migrationId, owner } = lease;
  await session.write(async (tx) => {
    const found = await tx.lockMigration(migrationId);
    if (!found) return;
    await tx.putGate(migrationId, beginReturn(gateOf(found), failure.summary, deps.clock.now()));
    await tx.append({
      migrationId,
      actor: `worker:${owner}`,
      type: "switch-returning",
      data: failureFacts(failure),
    });
    await editCard(tx, await tx.patchMigration(migrationId, {}), deps.clock.now());
  });
  deps.wakeSender();
}

async function concludeReturn(tx: StoreTransaction, { deps, lease }: Session): Promise<void> {
  const { migrationId, owner } = lease;
  const found = await tx.lockMigration(migrationId);
  if (found?.state !== "running") return;
  const now = deps.clock.now();
  const before = gateOf(found);
  const gate = afterReturn(before, before.reason ?? "The switch did not come through.", now);
  await tellWritable(tx, migrationId, now);
  await tx.putGate(migrationId, gate);
  await resetStep(tx, migrationId, GATE_STEP);
  const migration = await tx.patchMigration(migrationId, { readOnlyFrom: null, readOnlyUntil: null });
  await tx.append({
    migrationId,
    actor: `worker:${owner}`,
    type: "switch-returned",
    data: { tries: gate.tries },
  });
  await post(tx, migration, "note", { kind: "switch-returned", migration });
  await editCard(tx, migration, now);
}
