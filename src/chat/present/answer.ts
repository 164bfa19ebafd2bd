import type { Answer } from "../../core/answer.ts";
import type { Migration } from "../../core/migration.ts";
import { type Message, paragraph } from "../message.ts";
import { tidy } from "../tidy.ts";
import { presentFreezeAnswer } from "./freeze.ts";
import { pausedSentence } from "./hold.ts";
import { presentAddons, presentHelp, presentHistory, presentStatus } from "./lists.ts";
import { presentRefusal } from "./refusal.ts";
import { addonName } from "./wording.ts";

/** Puts the answer to a subcommand or a button into words, for the one person who used it. */
export function presentAnswer(answer: Answer, now: Date): Message {
  switch (answer.kind) {
    case "open-form":
      return ofText("Choose what to migrate in the form.");
    case "addons":
      return presentAddons(answer.addons, answer.missing);
    case "status":
      return presentStatus(answer, now);
    case "frozen":
    case "unfrozen":
      return presentFreezeAnswer(answer.kind);
    case "history":
      return presentHistory(answer);
    case "help":
      return presentHelp(answer.commands, answer.unknown);
    case "refused":
      return presentRefusal(answer.refusal);
    default:
      return ofText(effectOf(answer));
  }
}

/** What a person's decision does to a migration, in a sentence or two. */
function effectOf(answer: Extract<Answer, { readonly migration: Migration }>): string {
  const name = addonName(answer.migration);
  switch (answer.kind) {
    case "confirmed":
      return confirmedSentence(name, answer.migration);
    case "consented":
      return `You consent to what the plan for ${name} asks for. It can be confirmed now.`;
    case "cancelling":
      return `The migration of ${name} is being cancelled. Its thread says when it is done.`;
    case "cancelled":
      return `The migration of ${name} is cancelled.`;
    case "retrying":
      return `The migration of ${name} is tried again. Progress is in its thread.`;
    case "armed":
      return `The migration of ${name} switches when its gate lets it. Its thread says so.`;
    case "disarmed":
      return `The switch of ${name} is held until someone lets it go.`;
    case "paused":
      return pausedSentence(name, answer);
    case "resumed":
      return `The migration of ${name} goes on. Progress is in its thread.`;
    case "rechecked":
      return `${name} was checked again. The plan shows what was found.`;
    case "acknowledged":
      return `You look at the migration of ${name}. Its thread says so.`;
    case "solved":
      return `The migration of ${name} is marked as solved.`;
    case "waiting":
      return `The step of ${name} gets as much time again before its thread says more of it.`;
    case "support-called":
      return `Support is called in the thread of ${name}.`;
    case "revert-asked":
      return `What a return of ${name} to its old database loses is posted to this channel. Nothing happens until someone confirms it there.`;
    case "returning":
      return `${name} returns to the old database. Its thread says when it is done.`;
    case "redeploying":
      return `${tidy(answer.application)} is being deployed anew. The thread says how it ends.`;
  }
}

function confirmedSentence(name: string, { state }: Migration): string {
  const what = `The migration of ${name} is confirmed.`;
  return state === "scheduled"
    ? `${what} It starts at its time; its thread says when.`
    : `${what} Progress is in its thread.`;
}

/** Whether a pressed button's answer must be told in words: everything else shows in the thread itself. */
export function needsWords(answer: Answer): boolean {
  switch (answer.kind) {
    case "confirmed":
    case "consented":
    case "cancelling":
    case "cancelled":
    case "retrying":
    case "armed":
    case "disarmed":
    case "resumed":
    case "rechecked":
    case "acknowledged":
    case "solved":
    case "returning":
    case "support-called":
    case "redeploying":
      return false;
    case "paused":
      return !answer.isStill;
    case "open-form":
    case "addons":
    case "status":
    case "history":
    case "help":
    case "revert-asked":
    case "frozen":
    case "unfrozen":
    case "waiting":
    case "refused":
      return true;
  }
}

function ofText(text: string): Message {
  return { summary: text, parts: [paragraph(text)] };
}
