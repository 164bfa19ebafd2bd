import { crashPoint } from "../../core/crash-point.ts";
import { type Failure, SwitchReturned } from "../../core/failure.ts";
import type { Migration } from "../../core/migration.ts";
import type { Step, StepRecord, StepResult } from "../../core/step.ts";
import { editCard } from "../announce.ts";
import { ATTEMPT_BUDGET, classOf, failureOf, timedOut } from "./failure-of.ts";
import { finishStep } from "./finish-step.ts";
import { holdBefore, isStoppedToHold, takeBackToHold } from "./hold.ts";
import { pauseBeforeRepeat } from "./pause-before-repeat.ts";
import { raceSignal } from "./race-signal.ts";
import type { Session } from "./session.ts";
import { openContext } from "./step-context.ts";
import { writeProgress } from "./write-progress.ts";

/** How a step ended. */
export type StepOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "cancelled" }
  /** The migration stands still, or could not be brought to it: nothing more is to do here. */
  | { readonly kind: "held" }
  /** The switch did not come through: back to the gate. */
  | { readonly kind: "returned"; readonly failure: Failure }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Runs a step to its end, repeating it while its failure is one that may pass. */
export async function runStep(session: Session, step: Step): Promise<StepOutcome> {
  for (;;) {
    const begun = await beginStep(session, step);
    if (begun.kind !== "begun") return begun;
    try {
      const result = await perform(session, step, begun);
      if (await finishStep(session, step, result)) return { kind: "done" };
    } catch (error) {
      session.halt.throwIfAborted();
      if (session.cancel.aborted && !step.pivot && !begun.migration.pivotPassed) return { kind: "cancelled" };
      if (isStoppedToHold(step, begun.hold)) {
        if (!(await takeBackToHold(session, step))) return { kind: "held" };
        continue;
      }
      const failure = failureOf(step, error);
      session.deps.log.warn({ ...failure, migrationId: begun.migration.id }, "step stopped");
      if (error instanceof SwitchReturned) return { kind: "returned", failure };
      if (!mayRepeat(error, begun.attempt - begun.crashes)) return { kind: "failed", failure };
      await waitBeforeRepeat(session, step, { failure, attempt: begun.attempt });
    }
  }
}

interface Begun {
  readonly kind: "begun";
  readonly migration: Migration;
  readonly records: readonly StepRecord[];
  readonly attempt: number;
  /** Attempts that ended with their worker. */
  readonly crashes: number;
  /** Aborted when the migration is to stand still. */
  readonly hold: AbortSignal;
}

/**
 * Stores that the step runs, before it has any effect. Not when a person cancelled or paused before: decided
 * in the transaction that begins it, so that a cancel is either kept or, once the pivot has begun, refused.
 */
async function beginStep(
  session: Session,
  step: Step,
): Promise<Begun | Extract<StepOutcome, { readonly kind: "cancelled" | "held" }>> {
  const { deps, lease } = session;
  const begun = await session.write(async (tx) => {
    const freeze = await tx.freeze();
    const found = await tx.lockMigration(lease.migrationId);
    if (found?.desired === "cancel" && !found.pivotPassed) return { kind: "cancelled" } as const;
    const records = await tx.steps(lease.migrationId);
    if (found && (await holdBefore(tx, session, { found, records, step, freeze })))
      return { kind: "held" } as const;
    const before = records.find(({ name }) => name === step.name);
    const attempt = (before?.attempt ?? 0) + 1;
    const startedAt = before?.startedAt ?? deps.clock.now();
    await tx.patchStep(lease.migrationId, step.name, {
      status: "running",
      attempt,
      startedAt,
      undoingAt: null,
      waitingFor: null,
      progressedAt: deps.clock.now(),
    });
    const data = { step: step.name, attempt, epoch: lease.epoch };
    await tx.append({
      migrationId: lease.migrationId,
      actor: `worker:${lease.owner}`,
      type: "step-started",
      data,
    });
    const migration = await tx.patchMigration(lease.migrationId, {});
    await editCard(tx, migration, deps.clock.now());
    const crashes = before?.crashes ?? 0;
    const now = { migration, attempt, crashes, records: await tx.steps(lease.migrationId) };
    return { kind: "begun", ...now, hold: session.hold() } as const;
  });
  deps.wakeSender();
  return begun;
}

async function perform(session: Session, step: Step, begun: Begun): Promise<StepResult> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(timedOut(step)), step.timeoutMs);
  const stops = [session.halt, ...(step.hold === "stops" ? [begun.hold] : [])];
  if (!step.pivot && !begun.migration.pivotPassed) stops.push(session.cancel);
  const signal = AbortSignal.any([timeout.signal, ...stops]);
  const { context, latestProgress } = openContext({ session, step, ...begun, signal });
  const ticking = new AbortController();
  const ticker = writeProgress(session, step, { latestProgress, until: ticking.signal });
  try {
    crashPoint("step: before its effect");
    const result = await raceSignal(step.run(context), signal);
    crashPoint("step: after its effect");
    return result;
  } finally {
    clearTimeout(timer);
    ticking.abort();
    await ticker;
  }
}

function mayRepeat(error: unknown, attempt: number): boolean {
  const kind = classOf(error);
  return (kind === "transient" || kind === "unknown") && attempt < ATTEMPT_BUDGET;
}

interface Pause {
  readonly failure: Failure;
  readonly attempt: number;
}

/** Says on the card why the step begins again, and waits. */
async function waitBeforeRepeat(session: Session, step: Step, { failure, attempt }: Pause): Promise<void> {
  const { deps, lease } = session;
  await session.write(async (tx) => {
    await tx.patchStep(lease.migrationId, step.name, { waitingFor: `${failure.summary} Trying again.` });
    const data = { step: step.name, code: failure.code, attempt };
    await tx.append({
      migrationId: lease.migrationId,
      actor: `worker:${lease.owner}`,
      type: "step-repeated",
      data,
    });
    await editCard(tx, await tx.patchMigration(lease.migrationId, {}), deps.clock.now());
  });
  await pauseBeforeRepeat(session, attempt);
}
