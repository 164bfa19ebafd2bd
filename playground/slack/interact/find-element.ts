import type { Block } from "../blocks/block.ts";
import { findElements, type PlacedElement } from "../blocks/find-elements.ts";

/**
 * The element a person means: by action_id, block_id, or what is written on or beside it.
 * @throws Error that lists what is there
 */
export function findElement(blocks: readonly Block[], key: string): PlacedElement {
  const elements = findElements(blocks);
  const found =
    elements.find(({ actionId }) => actionId === key) ??
    elements.find(({ blockId }) => blockId === key) ??
    elements.find(({ label }) => label === key);
  if (found) return found;
  throw new Error(`there is no "${key}" here. There are:\n${listElements(elements)}`);
}

export function findButton(blocks: readonly Block[], key: string): PlacedElement {
  const buttons = findElements(blocks).filter(({ element }) => element.type === "button");
  const found =
    buttons.find((placed) => buttonText(placed) === key) ?? buttons.find(({ actionId }) => actionId === key);
  if (found) return found;
  throw new Error(
    `there is no button "${key}" here. There are: ${buttons.map(describeButton).join(", ") || "none"}`,
  );
}

export function buttonText({ element }: PlacedElement): string {
  return element.type === "button" ? element.text.text : "";
}

function describeButton(placed: PlacedElement): string {
  return `"${buttonText(placed)}" (${placed.actionId})`;
}

function listElements(elements: readonly PlacedElement[]): string {
  if (elements.length === 0) return "  nothing to use";
  return elements
    .map(
      ({ element, label, actionId, blockId }) => `  ${element.type} "${label}" (${actionId} in ${blockId})`,
    )
    .join("\n");
}
