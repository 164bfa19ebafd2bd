import type { Migration } from "./migration.ts";
import type { ShownStep } from "./step.ts";

type Held = Pick<
  Migration,
  "state" | "desired" | "pivotPassed" | "gate" | "freeze" | "readOnlyFrom" | "readOnlyUntil"
>;
type HeldStep = Pick<ShownStep, "name" | "title" | "status" | "startedAt" | "hold">;

/** Whether a migration is to stand still at its next safe point: paused, or held by a freeze. */
export function isHoldWanted({ desired, freeze }: Pick<Migration, "desired" | "freeze">): boolean {
  return desired === "pause" || (desired === "run" && Boolean(freeze));
}

/**
 * Whether a migration may stand still once its present step is done. Never while its source is read-only: it would
 * keep the database closed.
 */
export function mayBeHeld(migration: Held, steps: readonly HeldStep[]): boolean {
  if (migration.pivotPassed || migration.gate?.state === "returning") return false;
  if (isReadOnly(migration)) return false;
  return !steps.some(
    ({ hold, status, startedAt }) => hold === "ends" && startedAt !== null && status !== "undone",
  );
}

/** Whether a migration may stand still before a step, rather than begin it. */
export function mayBeHeldBefore(migration: Held, steps: readonly HeldStep[], name: string): boolean {
  const step = steps.find((candidate) => candidate.name === name);
  if (step === undefined || step.startedAt !== null || step.hold === "waits") return false;
  return mayBeHeld(migration, steps);
}

/**
 * Where a hold stands that somebody wants: `held` when nothing goes on, `holding` while the present step is done
 * first; null when none is wanted, or none is possible any more.
 */
export function holdOf(migration: Held, steps: readonly HeldStep[]): "held" | "holding" | null {
  if (migration.state === "paused") return "held";
  if (migration.state === "queued" && isHoldWanted(migration))
    return mayBeHeld(migration, steps) ? "held" : null;
  if (!isHoldWanted(migration) || migration.state !== "running" || !mayBeHeld(migration, steps)) return null;
  return isWaiting(steps) ? "held" : "holding";
}

/** The step after which a migration stands still; undefined when it does not run. */
export function lastStepBefore<S extends HeldStep>(steps: readonly S[]): S | undefined {
  return steps.find(({ status }) => status === "running");
}

/** A step that waits by itself does so under its worker's eyes, rather than without one. */
function isWaiting(steps: readonly HeldStep[]): boolean {
  return steps.some(({ hold, status }) => hold === "waits" && status === "running");
}

/** Whether the source refuses writes, or may do so any moment. */
export function isReadOnly({
  readOnlyFrom,
  readOnlyUntil,
}: Pick<Migration, "readOnlyFrom" | "readOnlyUntil">): boolean {
  return readOnlyFrom !== null && readOnlyUntil === null;
}
