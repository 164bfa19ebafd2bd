import type { Inline, Part, StepLine, Text } from "./message.ts";
import { plainText } from "./render-plain.ts";
import { clip } from "./tidy.ts";

/** How much of everything is left, from mild to harsh. */
const LEVELS = [
  { items: 25, characters: 400 },
  { items: 15, characters: 200 },
  { items: 8, characters: 120 },
  { items: 5, characters: 60 },
  { items: 3, characters: 30 },
] as const;

interface Level {
  readonly items: number;
  readonly characters: number;
}

/** Shortens parts until their text fits into `max` characters: lists lose their ends first. Buttons stay. */
export function shorten(parts: readonly Part[], max: number): readonly Part[] {
  if (lengthOf(parts) <= max) return parts;
  const shortened = LEVELS.map((level) => parts.map((part) => shortenPart(part, level)));
  return shortened.find((candidate) => lengthOf(candidate) <= max) ?? shortened.at(-1) ?? parts;
}

function shortenPart(part: Part, level: Level): Part {
  switch (part.kind) {
    case "heading":
      return { ...part, text: clip(part.text, level.characters * 3) };
    case "paragraph":
    case "note":
      return { ...part, text: shortenText(part.text, level) };
    case "facts":
      return {
        ...part,
        facts: part.facts.map((fact) => ({ ...fact, value: shortenText(fact.value, level) })),
      };
    case "list":
      return { ...part, items: shortenItems(part.items, level) };
    case "steps":
      return {
        ...part,
        title: clip(part.title, level.characters * 3),
        steps: part.steps.map((step) => shortenStep(step, level)),
      };
    case "verbatim":
      return { ...part, text: clip(part.text, level.characters * 20) };
    case "divider":
    case "buttons":
      return part;
  }
}

function shortenItems(items: readonly Text[], level: Level): readonly Text[] {
  const shown = items.slice(0, level.items).map((item) => shortenText(item, level));
  return items.length > shown.length
    ? [...shown, [`${items.length - shown.length} more not shown here.`]]
    : shown;
}

function shortenText(text: Text, { characters }: Level): Text {
  return text.map((inline): Inline => {
    if (typeof inline === "string") return clip(inline, characters);
    if (inline.kind === "bold" || inline.kind === "code")
      return { ...inline, text: clip(inline.text, characters) };
    return inline;
  });
}

function shortenStep(step: StepLine, { characters }: Level): StepLine {
  const detail = step.detail === null ? null : clip(step.detail, characters);
  return { ...step, title: clip(step.title, characters), detail };
}

/** In UTF-16 units: never fewer than a platform counts. */
function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + partLength(part), 0);
}

function partLength(part: Part): number {
  switch (part.kind) {
    case "heading":
      return part.text.length;
    case "paragraph":
    case "note":
      return plainText(part.text).length;
    case "facts":
      return sumOf(part.facts, (fact) => fact.label.length + plainText(fact.value).length + 2);
    case "list":
      return sumOf(part.items, (item) => plainText(item).length + 2);
    case "steps":
      return part.title.length + sumOf(part.steps, stepLength);
    case "verbatim":
      return part.text.length;
    case "divider":
      return 0;
    case "buttons":
      return sumOf(part.buttons, (button) => button.label.length + (button.confirm?.text.length ?? 0));
  }
}

function stepLength(step: StepLine): number {
  return step.title.length + step.words.length + (step.detail?.length ?? 0) + 5;
}

function sumOf<T>(items: readonly T[], length: (item: T) => number): number {
  return items.reduce((sum, item) => sum + length(item), 0);
}
