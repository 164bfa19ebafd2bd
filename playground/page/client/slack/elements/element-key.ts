import type { Block } from "../../../../slack/blocks/block.ts";
import type { Spot } from "./host.ts";

interface Found extends Spot {
  readonly label: string;
}

/**
 * How `act` finds an element again: by action_id where it is the only one, else by block_id, and a button by what is
 * written on it.
 */
export function elementKey(blocks: readonly Block[], spot: Spot, label = ""): string {
  const all = blocks.flatMap(elementsIn);
  const isOnly = all.filter(({ actionId }) => actionId === spot.actionId).length === 1;
  if (isOnly) return spot.actionId;
  if (label !== "") return all.filter((other) => other.label === label).length === 1 ? label : spot.actionId;
  const isAlone = all.filter(({ blockId }) => blockId === spot.blockId).length === 1;
  return isAlone ? spot.blockId : spot.actionId;
}

function elementsIn(block: Block): Found[] {
  const blockId = block.block_id ?? "";
  const found = (element: { action_id?: string | undefined }): Found => ({
    blockId,
    actionId: element.action_id ?? "",
    label: "text" in element ? (element as { text: { text: string } }).text.text : "",
  });
  if (block.type === "actions") return block.elements.map(found);
  if (block.type === "input") return [found(block.element)];
  if (block.type !== "section" || !block.accessory || block.accessory.type === "image") return [];
  return [found(block.accessory)];
}
