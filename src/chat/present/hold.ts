import type { Freeze } from "../../core/freeze.ts";
import { holdOf, lastStepBefore, mayBeHeld } from "../../core/hold.ts";
import type { Actor } from "../../core/member.ts";
import type { Migration } from "../../core/migration.ts";
import type { ShownStep } from "../../core/step.ts";
import { bold, type Message, type PressButton, paragraph, person, type Text } from "../message.ts";
import { plainText } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { buttonFor } from "./confirm-dialog.ts";
import { freezeWords } from "./freeze.ts";
import { addonName } from "./wording.ts";

/** Why a migration stands still, or will soon; empty when it does not. */
export function holdWords(migration: Migration, steps: readonly ShownStep[]): Text {
  const hold = holdOf(migration, steps);
  if (hold === null) return [];
  if (migration.desired === "run" && migration.freeze)
    return frozenWords(migration, migration.freeze, { hold, steps });
  if (hold === "held") {
    const rest = `. ${addonName(migration)} is in service and accepts writes; nothing goes on until someone presses Resume.`;
    return ["Paused", ...byOf(migration.desiredBy), rest];
  }
  return ["Pausing", ...byOf(migration.desiredBy), `: ${whenWords(lastStepBefore(steps))}`];
}

interface Standing {
  readonly hold: "held" | "holding";
  readonly steps: readonly ShownStep[];
}

function frozenWords(migration: Migration, freeze: Freeze, { hold, steps }: Standing): Text {
  const when =
    hold === "held"
      ? "nothing goes on until that is over"
      : whenWords(lastStepBefore(steps)).replace(/\.$/, "");
  return [...freezeWords(freeze), `. The old database of ${addonName(migration)} accepts writes; ${when}.`];
}

/** The button that lets a migration stand still, or go on. */
export function holdButtons(migration: Migration, steps: readonly ShownStep[]): readonly PressButton[] {
  if (holdOf(migration, steps) !== null && migration.desired === "run") return [];
  if (holdOf(migration, steps) !== null)
    return [buttonFor("resume", migration, { label: "Resume", style: "primary" })];
  const isPausable = migration.desired === "run" && mayBeHeld(migration, steps);
  return isPausable ? [buttonFor("pause", migration, { label: "Pause", style: "plain" })] : [];
}

/** The answer to who paused. */
export function pausedSentence(name: string, { isStill, after }: PauseAnswer): string {
  if (isStill) return `The migration of ${name} is paused. It goes on with /db resume.`;
  if (after === null)
    return `The migration of ${name} pauses in a moment: its present step is stopped, and begins anew when it goes on.`;
  return `The migration of ${name} pauses when “${tidy(after)}” is done.`;
}

interface PauseAnswer {
  readonly isStill: boolean;
  readonly after: string | null;
}

/** Tells that a migration stands still now. */
export function presentPaused(migration: Migration, by: Actor | null): Message {
  return ofText([
    bold(`The migration of ${addonName(migration)} is paused`),
    ...byOf(by),
    ". The old database is in service and accepts writes. The add-on stays locked to this migration until someone resumes or cancels it.",
  ]);
}

/** Tells that a migration goes on. */
export function presentResumed(migration: Migration, by: Actor): Message {
  return ofText([person(by), ` lets the migration of ${addonName(migration)} go on.`]);
}

function whenWords(step: ShownStep | undefined): string {
  if (step === undefined) return "it stands still in a moment.";
  if (step.hold === "stops")
    return `“${tidy(step.title)}” is being stopped, and begins anew when it goes on.`;
  return `it stands still when “${tidy(step.title)}” is done.`;
}

function byOf(by: Actor | null): Text {
  return by === null ? [] : [" by ", person(by)];
}

function ofText(text: Text): Message {
  return { summary: plainText(text), parts: [paragraph(...text)] };
}
