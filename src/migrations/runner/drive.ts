import { crashPoint } from "../../core/crash-point.ts";
import { LeaseLost } from "../../core/failure.ts";
import { mayBeHeld } from "../../core/hold.ts";
import type { Migration } from "../../core/migration.ts";
import { describeError } from "../../core/redact.ts";
import type { Step } from "../../core/step.ts";
import { editCard, editRoot, post } from "../announce.ts";
import { ringOrLeaveToSweeper } from "../confirm-migration.ts";
import type { Dependencies } from "../dependencies.ts";
import { providerNamed } from "../find-addon.ts";
import { markFrozen } from "../settle-freeze.ts";
import { succeededNotification } from "../tell-result.ts";
import { fail } from "./fail.ts";
import { noteCrash } from "./note-crash.ts";
import { completeReturn, isReturning, returnToGate } from "./return-to-gate.ts";
import { rollBack } from "./roll-back.ts";
import { runStep, type StepOutcome } from "./run-step.ts";
import { type Session, withSession } from "./session.ts";

/** What a worker needs to drive migrations. */
export interface Driver {
  readonly deps: Dependencies;
  /** Names this process in leases and in the audit trail. */
  readonly owner: string;
  /** Aborted with `shutdown` when the process is to end. */
  readonly shutdown: AbortSignal;
}

/**
 * Moves one migration on as far as it goes: to its end, to a person's decision, or until this process ends
 * or loses the lease. Returns at once when another worker holds it. Never throws for a failed step.
 */
export async function drive({ deps, owner, shutdown }: Driver, migrationId: string): Promise<void> {
  if (shutdown.aborted) return;
  const lease = await deps.store.acquire(migrationId, owner, { ttlMs: deps.timings.leaseMs });
  const migration = lease && (await deps.store.migration(migrationId));
  if (!lease || !migration) return;
  crashPoint("lease: taken");
  const provider = providerNamed(deps, migration.source.providerName);
  try {
    await withSession({ deps, provider, lease, shutdown }, advance);
    crashPoint("lease: not given back");
    await deps.store.release(lease);
  } catch (error) {
    if (error instanceof LeaseLost || error === "lost") return;
    await deps.store.release(lease).catch(() => undefined);
    // Another worker is told, so that it need not wait for its next sweep.
    if (shutdown.aborted) return ringOrLeaveToSweeper(deps, migrationId);
    deps.log.error({ migrationId, detail: describeError(error) }, "migration could not be moved on");
    throw error;
  }
}

/** Moves a migration on from the state in which it is found. */
export async function advance(session: Session): Promise<void> {
  const goesOn = !session.lease.isFollower || (await noteCrash(session));
  const migration = await session.read();
  if (goesOn && migration.state === "queued" && !(await begin(session))) return;
  if (goesOn && migration.state !== "rolling_back") await goForward(session);
  if ((await session.read()).state === "rolling_back") await rollBack(session);
}

/** False while Godwit is frozen: then nothing begins. */
async function begin(session: Session): Promise<boolean> {
  const { deps, lease } = session;
  return session.write(async (tx) => {
    const freeze = await tx.freeze();
    const found = await tx.lockMigration(lease.migrationId);
    if (freeze && found && mayBeHeld(found, await tx.steps(found.id))) {
      await markFrozen(tx, found, { deps, freeze });
      return false;
    }
    const startedAt = found?.startedAt ?? deps.clock.now();
    const migration = await tx.moveMigration(lease.migrationId, "running", { startedAt });
    await tx.append({
      migrationId: migration.id,
      actor: `worker:${lease.owner}`,
      type: "started",
      data: { epoch: lease.epoch },
    });
    await editCard(tx, migration, deps.clock.now());
    return true;
  });
}

/** Runs every step that has not finished, in order; again from the gate when a switch was taken back. */
async function goForward(session: Session): Promise<void> {
  if (isReturning(await session.read()) && !(await completeReturn(session))) return;
  for (;;) {
    const outcome = await runSteps(session);
    if (outcome.kind === "done") return succeed(session);
    if (outcome.kind === "cancelled") return turnBack(session);
    if (outcome.kind === "held") return;
    if (outcome.kind === "failed") return fail(session, outcome.failure);
    // The answer to the pivot may have been lost: then the switch goes on, and nothing returns.
    if ((await session.read()).pivotPassed) continue;
    if (!(await returnToGate(session, outcome.failure))) return;
  }
}

async function runSteps(session: Session): Promise<StepOutcome> {
  const migration = await session.read();
  for (const step of session.provider.steps(migration)) {
    if (await isDone(session, step)) continue;
    const outcome = await runStep(session, step);
    if (outcome.kind !== "done") return outcome;
  }
  return { kind: "done" };
}

async function isDone(session: Session, step: Step): Promise<boolean> {
  const records = await session.deps.store.steps(session.lease.migrationId);
  return records.some(({ name, status }) => name === step.name && status === "done");
}

/** A person cancelled: everything that was done is taken back. */
async function turnBack(session: Session): Promise<void> {
  const { deps, lease } = session;
  await session.write(async (tx) => {
    const migration = await tx.moveMigration(lease.migrationId, "rolling_back");
    await tx.append({ migrationId: migration.id, actor: `worker:${lease.owner}`, type: "cancelling" });
    await editCard(tx, migration, deps.clock.now());
  });
  deps.wakeSender();
}

async function succeed(session: Session): Promise<void> {
  const { deps, lease, provider } = session;
  const outcome = await provider.outcome(await session.read());
  await session.write(async (tx) => {
    const finishedAt = deps.clock.now();
    const migration: Migration = await tx.moveMigration(lease.migrationId, "succeeded", { finishedAt });
    await tx.append({ migrationId: migration.id, actor: `worker:${lease.owner}`, type: "succeeded" });
    await editRoot(tx, migration);
    await editCard(tx, migration, finishedAt);
    // The last of all, since a platform may close the thread with it.
    await post(tx, migration, "result", await succeededNotification(tx, migration, outcome));
  });
  deps.wakeSender();
}
