import type { Inline, Message, Part, StepLine, Text } from "./message.ts";
import { clean } from "./tidy.ts";

/** How lines are written. */
export interface LineOptions {
  /** Writes one piece of text; plain words unless told otherwise. */
  readonly write?: (inline: Inline) => string;
  /** Whether buttons are listed, as `[ Migrate the database ]`. Nobody can press them there. */
  readonly buttons?: boolean;
}

/** Writes a message as lines of text: for the command line, for logs and where blocks are refused. */
export function renderPlain(message: Message, options: LineOptions = {}): string[] {
  const write = options.write ?? ((inline: Inline) => clean(plainInline(inline)));
  return message.parts.flatMap((part) => linesOf(part, { write, buttons: options.buttons ?? false }));
}

/** Writes pieces of text as one plain string; times are in UTC. */
export function plainText(text: Text): string {
  return text.map(plainInline).join("");
}

/** Writes a moment in UTC: `2026-11-22 14:02 UTC`. */
export function plainTime(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function linesOf(part: Part, options: Required<LineOptions>): string[] {
  const text = (pieces: Text): string => pieces.map(options.write).join("");
  switch (part.kind) {
    case "heading":
      return [`== ${text([part.text])} ==`];
    case "paragraph":
    case "note":
      return [text(part.text)];
    case "facts":
      return part.facts.map((fact) => `${fact.label}: ${text(fact.value)}`);
    case "list":
      return part.items.map((item) => `- ${text(item)}`);
    case "steps":
      return [text([part.title]), ...part.steps.map((step) => `- ${text([stepWords(step)])}`)];
    case "verbatim":
      return [text([part.text])];
    case "divider":
      return [""];
    case "buttons":
      return options.buttons ? [part.buttons.map((button) => `[ ${button.label} ]`).join(" ")] : [];
  }
}

function stepWords(step: StepLine): string {
  return `${step.title}: ${step.words}${step.detail === null ? "" : `. ${step.detail}`}`;
}

function plainInline(inline: Inline): string {
  if (typeof inline === "string") return inline;
  switch (inline.kind) {
    case "bold":
    case "code":
      return inline.text;
    case "time":
      return plainTime(inline.at);
    case "link":
      return `${inline.text} (${inline.url})`;
    case "person":
      return inline.actor.name;
    case "channel":
      return "the channel";
    case "support":
      return "Support";
  }
}
