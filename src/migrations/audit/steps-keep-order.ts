import type { KeptStep, Records } from "../../core/records.ts";
import { isTerminal } from "../../core/transitions.ts";
import type { Violation } from "./audit.ts";

/** One step runs at a time, none before those before it are done, none after the end. */
export function stepsKeepOrder({ migration, steps, events }: Records): Violation[] {
  const migrationId = migration.id;
  const running = steps.filter(({ status }) => status === "running");
  const violations: Violation[] = [];
  if (running.length > 1)
    violations.push({
      invariant: "one-running-step",
      migrationId,
      what: `The steps ${namesOf(running)} run at once.`,
    });
  const early = running.filter((step) => steps.some((before) => isSkipped(before, step)));
  if (early.length > 0)
    violations.push({
      invariant: "steps-in-order",
      migrationId,
      what: `The step ${namesOf(early)} runs before those before it are done.`,
    });
  const isSolved = events.some(({ type }) => type === "solved");
  const left = isTerminal(migration.state) && !isSolved ? steps.filter(isLeft(migration)) : [];
  if (left.length > 0)
    violations.push({
      invariant: "steps-in-order",
      migrationId,
      what: `It is ${migration.state}, and the steps ${namesOf(left)} are not.`,
    });
  return violations;
}

function isSkipped(before: KeptStep, step: KeptStep): boolean {
  return before.sequence < step.sequence && before.status !== "done";
}

/** What the end should have finished or taken back. */
function isLeft({ state }: Records["migration"]): (step: KeptStep) => boolean {
  if (state === "succeeded") return ({ status }) => status !== "done";
  return ({ status }) => status !== "pending" && status !== "undone";
}

function namesOf(steps: readonly KeptStep[]): string {
  return steps.map(({ name }) => name).join(", ");
}
