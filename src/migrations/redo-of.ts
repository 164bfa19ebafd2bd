import type { Migration } from "../core/migration.ts";
import type { StepRecord } from "../core/step.ts";

/**
 * Titles of the steps that a retry does again, in order: those that are not done while a migration waits for support,
 * all of them once everything was taken back.
 */
export function redoOf(migration: Pick<Migration, "state">, steps: readonly StepRecord[]): readonly string[] {
  const isAnew = migration.state === "rolled_back";
  return steps.filter(({ status }) => isAnew || status !== "done").map(({ title }) => title);
}
