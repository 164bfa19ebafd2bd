import type { Ids } from "../ids.ts";
import type { Block } from "./block.ts";

/** Slack gives every block and every interactive element without an id a random one. */
export function assignIds(blocks: readonly Block[], ids: Ids): Block[] {
  return structuredClone([...blocks]).map((block) => {
    block.block_id ??= ids.secret(3);
    for (const element of interactiveParts(block)) element.action_id ??= ids.secret(3);
    return block;
  });
}

function interactiveParts(block: Block): { action_id?: string | undefined }[] {
  if (block.type === "actions") return block.elements;
  if (block.type === "input") return [block.element];
  if (block.type === "section" && block.accessory && block.accessory.type !== "image") {
    return [block.accessory];
  }
  return [];
}
