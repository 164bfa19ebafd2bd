import type { Refusal } from "../../core/verdict.ts";
import { type Message, paragraph } from "../message.ts";
import { sentence } from "./wording.ts";

/** Tells one person why something was not done and what they can do. */
export function presentRefusal(refusal: Refusal): Message {
  const text = refusalText(refusal);
  return { summary: text, parts: [paragraph(text)] };
}

/** A refusal as two sentences, for places that take a plain string. */
export function refusalText(refusal: Refusal): string {
  return `${sentence(refusal.summary)} ${sentence(refusal.remedy)}`;
}

/** Tells that something broke on our side, and what to quote to an operator. */
export function presentIncident(incidentId: string): Message {
  const text = `Something went wrong on Godwit's side, so this was not done. Try again; if it happens again, give an operator the incident ID ${incidentId}.`;
  return { summary: text, parts: [paragraph(text)] };
}
