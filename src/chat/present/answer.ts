import type { Answer } from "../../core/answer.ts";
import { type Message, paragraph } from "../message.ts";
import { presentAddons, presentHelp, presentHistory, presentStatus } from "./lists.ts";
import { presentRefusal } from "./refusal.ts";
import { addonName } from "./wording.ts";

/** Puts the answer to a subcommand or a button into words, for the one person who used it. */
export function presentAnswer(answer: Answer, now: Date): Message {
  switch (answer.kind) {
    case "open-form":
      return ofText("Choose what to migrate in the form.");
    case "addons":
      return presentAddons(answer.addons);
    case "status":
      return presentStatus(answer.running, now);
    case "history":
      return presentHistory(answer);
    case "help":
      return presentHelp(answer.commands, answer.unknown);
    case "confirmed":
      return ofText(
        `The migration of ${addonName(answer.migration)} is confirmed. Progress is in its thread.`,
      );
    case "cancelling":
      return ofText(
        `The migration of ${addonName(answer.migration)} is being cancelled. Its thread says when it is done.`,
      );
    case "cancelled":
      return ofText(`The migration of ${addonName(answer.migration)} is cancelled.`);
    case "retrying":
      return ofText(
        `The migration of ${addonName(answer.migration)} is tried again. Progress is in its thread.`,
      );
    case "rechecked":
      return ofText(`${addonName(answer.migration)} was checked again. The plan shows what was found.`);
    case "acknowledged":
      return ofText(`You look at the migration of ${addonName(answer.migration)}. Its thread says so.`);
    case "solved":
      return ofText(`The migration of ${addonName(answer.migration)} is marked as solved.`);
    case "refused":
      return presentRefusal(answer.refusal);
  }
}

/** Whether a pressed button's answer must be told in words: everything else shows in the thread itself. */
export function needsWords(answer: Answer): boolean {
  switch (answer.kind) {
    case "confirmed":
    case "cancelling":
    case "cancelled":
    case "retrying":
    case "rechecked":
    case "acknowledged":
    case "solved":
      return false;
    case "open-form":
    case "addons":
    case "status":
    case "history":
    case "help":
    case "refused":
      return true;
  }
}

function ofText(text: string): Message {
  return { summary: text, parts: [paragraph(text)] };
}
