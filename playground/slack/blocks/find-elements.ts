import type { Block } from "./block.ts";
import type { InteractiveElement } from "./elements.ts";

export interface PlacedElement {
  readonly element: InteractiveElement;
  readonly blockId: string;
  readonly actionId: string;
  readonly label: string;
  readonly isInput: boolean;
  readonly isOptional: boolean;
  /** Whether a change is told to the app at once: always in section and actions blocks, on request in inputs. */
  readonly dispatches: boolean;
}

/** All interactive elements of stored blocks, in reading order. */
export function findElements(blocks: readonly Block[]): PlacedElement[] {
  return blocks.flatMap((block) => elementsOf(block));
}

function elementsOf(block: Block): PlacedElement[] {
  const blockId = block.block_id ?? "";
  if (block.type === "actions") return block.elements.map((element) => place(element, blockId));
  if (block.type === "section" && block.accessory && block.accessory.type !== "image") {
    return [{ ...place(block.accessory, blockId), label: block.text?.text ?? "" }];
  }
  if (block.type !== "input") return [];
  return [
    {
      ...place(block.element, blockId),
      label: block.label.text,
      isInput: true,
      isOptional: block.optional === true,
      dispatches: block.dispatch_action === true,
    },
  ];
}

function place(element: InteractiveElement, blockId: string): PlacedElement {
  return {
    element,
    blockId,
    actionId: element.action_id ?? "",
    label: element.type === "button" ? element.text.text : "",
    isInput: false,
    isOptional: true,
    dispatches: true,
  };
}
