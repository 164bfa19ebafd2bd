import { formatBytes, formatCount, formatDuration } from "../../core/format.ts";
import { GATE_STEP, gateOf } from "../../core/gate.ts";
import { holdOf } from "../../core/hold.ts";
import type { Migration, MigrationState } from "../../core/migration.ts";
import type { Progress, ShownStep } from "../../core/step.ts";
import {
  code,
  type Message,
  note,
  type Part,
  type PressButton,
  paragraph,
  type StepLine,
  type Text,
  time,
} from "../message.ts";
import { tidy } from "../tidy.ts";
import { buttonFor } from "./confirm-dialog.ts";
import { gateButtons, gateWords } from "./gate.ts";
import { holdButtons, holdWords } from "./hold.ts";
import { isReturn } from "./revert.ts";
import { scheduleButtons, scheduleWords } from "./schedule.ts";
import { addonName, sentence } from "./wording.ts";

/** Below this share a rate says nothing about the time left. */
const ESTIMATE_FROM_MS = 2_000;

/** The card that is edited while a migration runs; elapsed times are those at `at`. */
export function presentProgress(migration: Migration, steps: readonly ShownStep[], at: Date): Message {
  const ordered = [...steps].sort((left, right) => left.sequence - right.sequence);
  const title = titleOf(migration, ordered);
  const told = ordered.map((step) => asTold(migration, step));
  return {
    summary: `${title}. ${told.map((step) => `${tidy(step.title)}: ${wordsOf(migration, step, at)}`).join("; ")}.`,
    parts: [
      { kind: "steps", title, steps: told.map((step) => stepLine(migration, step, at)) },
      ...standingParts(migration, ordered),
      note(...contextOf(migration, at)),
      ...buttonParts(migration, ordered),
    ],
  };
}

/** One line on where a migration stands, such as `Migrating orders: step 3 of 9, Copy the data`. */
export function titleOf(migration: Migration, steps: readonly ShownStep[]): string {
  const name = addonName(migration);
  if (migration.resolution) return `The migration of ${name} is marked as solved`;
  const what = isReturn(migration) ? `return of ${name}` : `migration of ${name}`;
  switch (migration.state) {
    case "succeeded":
      return isReturn(migration) ? `Returned ${name} to its old database` : `Migrated ${name}`;
    case "rolling_back":
      return migration.desired === "cancel" ? `Cancelling the ${what}` : `Taking back the ${what}`;
    case "rolled_back":
      return `The ${what} failed and was taken back`;
    case "needs_support":
      return `The ${what} needs support`;
    case "cancelled":
      return `Cancelled the ${what}`;
    case "paused":
      return `The ${what} is paused`;
    case "scheduled":
      return migration.schedule?.heldFor ? `The ${what} waits for a decision` : `The ${what} is scheduled`;
    case "queued":
      return `The ${what} is waiting for its turn`;
    case "running":
      return holdOf(migration, steps) === "held"
        ? `The ${what} is paused`
        : runningTitle(isReturn(migration) ? `Returning ${name}` : `Migrating ${name}`, steps);
    case "awaiting_confirmation":
    case "expired":
    case "rejected":
      return runningTitle(isReturn(migration) ? `Returning ${name}` : `Migrating ${name}`, steps);
  }
}

function runningTitle(doing: string, steps: readonly ShownStep[]): string {
  const current = steps.find((step) => step.status === "running" || step.status === "failed");
  const next = current ?? steps.find((step) => step.status === "pending");
  if (next === undefined) return doing;
  return `${doing}: step ${steps.indexOf(next) + 1} of ${steps.length}, ${tidy(next.title)}`;
}

/** The step that failed stays the one that failed, also after it was taken back. */
function asTold(migration: Migration, step: ShownStep): ShownStep {
  return step.status === "undone" && migration.failure?.step === step.name
    ? { ...step, status: "failed" }
    : step;
}

function stepLine(migration: Migration, step: ShownStep, at: Date): StepLine {
  return {
    id: step.name,
    title: tidy(step.title),
    state: step.status,
    words: wordsOf(migration, step, at),
    detail: step.status === "running" ? detailOf(step, at) : null,
  };
}

/** States in which a step that has not begun never will. */
const GOES_NO_FURTHER: ReadonlySet<MigrationState> = new Set(["rolling_back", "rolled_back", "cancelled"]);

function wordsOf(migration: Migration, step: ShownStep, at: Date): string {
  const elapsed = elapsedOf(step, at);
  switch (step.status) {
    case "pending":
      return GOES_NO_FURTHER.has(migration.state) ? "Not reached" : "Pending";
    case "running":
      return elapsed === null ? "In progress" : `In progress for ${elapsed}`;
    case "done":
      return elapsed === null ? "Done" : `Done in ${elapsed}`;
    case "failed":
      return elapsed === null ? "Failed" : `Failed after ${elapsed}`;
    case "undone":
      return "Taken back";
  }
}

function elapsedOf(step: ShownStep, at: Date): string | null {
  if (step.startedAt === null) return null;
  return formatDuration((step.finishedAt ?? at).getTime() - step.startedAt.getTime());
}

function detailOf(step: ShownStep, at: Date): string | null {
  const elapsedMs = step.startedAt === null ? 0 : at.getTime() - step.startedAt.getTime();
  const progress = step.progress === null ? [] : progressWords(step.progress, elapsedMs);
  const waiting = step.waitingFor === null ? [] : [`Waiting for: ${sentence(step.waitingFor)}`];
  const attempt = step.attempt > 1 ? [`Attempt ${step.attempt}`] : [];
  const words = [...progress, ...waiting, ...attempt];
  return words.length === 0 ? null : words.join(" · ");
}

function progressWords(progress: Progress, elapsedMs: number): string[] {
  const { label, doneBytes, totalBytes, doneRows, item = "row" } = progress;
  const words = [tidy(label, 120)];
  if (doneBytes !== undefined) {
    words.push(
      totalBytes === undefined
        ? formatBytes(doneBytes)
        : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    );
  }
  if (doneRows !== undefined) words.push(`${formatCount(doneRows)} ${item}s`);
  return [...words, ...paceWords(doneBytes ?? 0, totalBytes, elapsedMs)];
}

/** Mean rate since the step began and the time left at that rate. */
function paceWords(doneBytes: number, totalBytes: number | undefined, elapsedMs: number): string[] {
  if (doneBytes <= 0 || elapsedMs < ESTIMATE_FROM_MS) return [];
  const perMs = doneBytes / elapsedMs;
  const words = [`${formatBytes(Math.round(perMs * 1000))}/s`];
  if (totalBytes !== undefined && totalBytes > doneBytes) {
    words.push(`about ${formatDuration((totalBytes - doneBytes) / perMs)} left`);
  }
  return words;
}

function contextOf(migration: Migration, at: Date): Text {
  const end = migration.finishedAt ?? at;
  const elapsed =
    migration.startedAt === null
      ? []
      : [`${formatDuration(end.getTime() - migration.startedAt.getTime())} in all · `];
  const readOnly: Text =
    migration.readOnlyFrom !== null && migration.readOnlyUntil === null
      ? ["read-only since ", time(migration.readOnlyFrom), " · "]
      : [];
  return [...elapsed, ...readOnly, "migration ", code(migration.id)];
}

/** Why the migration stands still, or else where its gate stands. */
function standingParts(migration: Migration, steps: readonly ShownStep[]): readonly Part[] {
  if (migration.state === "scheduled" && migration.schedule)
    return [paragraph(...scheduleWords(migration.schedule))];
  const hold = holdWords(migration, steps);
  return hold.length > 0 ? [paragraph(...hold)] : gateParts(migration, steps);
}

/** Where the gate stands, while the migration waits at it or comes back to it. */
function gateParts(migration: Migration, steps: readonly ShownStep[]): readonly Part[] {
  const gate = gateOf(migration);
  const isAtGate = steps.some(({ name, status }) => name === GATE_STEP && status === "running");
  if (migration.state !== "running" || (!isAtGate && gate.state !== "returning")) return [];
  return [paragraph(...gateWords(gate))];
}

const STOPPABLE: ReadonlySet<MigrationState> = new Set(["scheduled", "queued", "running", "paused"]);

/** A migration that stands still goes on first, before anything is said about its switch. */
function decisions(migration: Migration, steps: readonly ShownStep[]): readonly PressButton[] {
  if (migration.state === "scheduled") return scheduleButtons(migration);
  const hold = holdButtons(migration, steps);
  return holdOf(migration, steps) === null ? [...gateButtons(migration, steps), ...hold] : hold;
}

function buttonParts(migration: Migration, steps: readonly ShownStep[]): readonly Part[] {
  if (!STOPPABLE.has(migration.state) || migration.pivotPassed || migration.desired === "cancel") return [];
  const cancel = buttonFor("cancel", migration, { label: "Cancel the migration", style: "plain" });
  return [{ kind: "buttons", buttons: [...decisions(migration, steps), cancel] }];
}
