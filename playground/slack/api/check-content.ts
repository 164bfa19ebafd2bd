import type { Block } from "../blocks/block.ts";
import { checkBlocks } from "../blocks/check-blocks.ts";
import { countCharacters } from "../blocks/text.ts";
import { refuse } from "../refusal.ts";
import { refuseViolation } from "../report-violation.ts";
import type { World } from "../world.ts";

/**
 * All texts of a message's blocks together; beyond it Slack answers `msg_blocks_too_long`. Undocumented; slackapi/bolt-js
 * issue 2509 measured about 13,200.
 */
const blocksTextLimit = 13_000;
/** Message metadata is limited to 16 kB (Slack: message metadata). */
const metadataLimitBytes = 16_000;

/** Checks the blocks of a message; undefined when there are none. */
export function checkContent(world: World, where: string, blocks: unknown): Block[] | undefined {
  if (blocks === undefined) return undefined;
  const checked = checkBlocks(blocks, "message");
  if (!checked.ok) return refuseViolation(world, { where, error: "invalid_blocks", faults: checked.faults });
  if (textLength(checked.blocks) > blocksTextLimit) {
    return refuseViolation(world, {
      where,
      error: "msg_blocks_too_long",
      faults: [
        { pointer: "/blocks", message: `all texts together must be at most ${blocksTextLimit} characters` },
      ],
    });
  }
  return checked.blocks;
}

export function checkMetadata(metadata: unknown): void {
  if (Buffer.byteLength(JSON.stringify(metadata) ?? "") > metadataLimitBytes) refuse("metadata_too_large");
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, part]) =>
      sum + (key === "text" && typeof part === "string" ? countCharacters(part) : textLength(part)),
    0,
  );
}
