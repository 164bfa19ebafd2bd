import { isEmpty } from "../blocks/element-state.ts";
import { findElements, type PlacedElement } from "../blocks/find-elements.ts";
import { countCharacters } from "../blocks/text.ts";
import type { OpenView } from "../model.ts";

/** What Slack's client checks itself before it sends a form: required inputs and the length of texts. */
export function checkInputs(view: OpenView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const placed of findElements(view.wire.blocks)) {
    const problem = placed.isInput ? problemOf(view, placed) : undefined;
    if (problem !== undefined) errors[placed.blockId] = problem;
  }
  return errors;
}

function problemOf(
  view: OpenView,
  { element, blockId, actionId, isOptional }: PlacedElement,
): string | undefined {
  const value = view.wire.state.values[blockId]?.[actionId];
  if (isEmpty(value)) return isOptional ? undefined : "Please complete this required field.";
  if (element.type !== "plain_text_input") return undefined;
  const length = countCharacters(value?.value ?? "");
  if (length < (element.min_length ?? 0)) return `Must be at least ${element.min_length} characters.`;
  const longest = element.max_length ?? 3000;
  return length > longest ? `Must be at most ${longest} characters.` : undefined;
}
