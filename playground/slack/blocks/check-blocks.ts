import { z } from "zod";
import { type Block, homeBlock, messageBlock, modalBlock } from "./block.ts";
import { findElements } from "./find-elements.ts";
import { countCharacters } from "./text.ts";
import { type Fault, faultsOf } from "./violation-message.ts";

export type Surface = "message" | "modal" | "home";

/** 50 blocks in a message, 100 in a modal and in App Home (Slack: Block Kit). */
const blockLimits: Record<Surface, number> = { message: 50, modal: 100, home: 100 };
const schemas = { message: messageBlock, modal: modalBlock, home: homeBlock };
const markdownLimit = 12_000;

export type CheckedBlocks =
  | { readonly ok: true; readonly blocks: Block[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Checks blocks against Block Kit's limits; `base` is the JSON pointer of the block list. */
export function checkBlocks(input: unknown, surface: Surface, base = "/blocks"): CheckedBlocks {
  const limit = blockLimits[surface];
  const schema = z.array(schemas[surface]).max(limit, { error: `no more than ${limit} items allowed` });
  const parsed = schema.safeParse(input);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error, base) };
  const blocks: Block[] = parsed.data;
  const faults = [
    ...duplicateBlockIds(blocks, base),
    ...duplicateActionIds(blocks, base),
    ...severalOf(blocks, base),
  ];
  return faults.length > 0 ? { ok: false, faults } : { ok: true, blocks };
}

function duplicateBlockIds(blocks: readonly Block[], base: string): Fault[] {
  const seen = new Set<string>();
  return blocks.flatMap((block, index) => {
    if (block.block_id === undefined) return [];
    if (!seen.has(block.block_id)) {
      seen.add(block.block_id);
      return [];
    }
    return [
      { pointer: `${base}/${index}/block_id`, message: `block_id already exists: "${block.block_id}"` },
    ];
  });
}

/** An action_id must be unique within its block (@slack/types, Action). */
function duplicateActionIds(blocks: readonly Block[], base: string): Fault[] {
  return blocks.flatMap((block, index) => {
    const ids = findElements([block]).flatMap(({ actionId }) => (actionId === "" ? [] : [actionId]));
    return ids.flatMap((id, position) =>
      ids.indexOf(id) === position
        ? []
        : [
            {
              pointer: `${base}/${index}/elements/${position}/action_id`,
              message: `action_id already exists: "${id}"`,
            },
          ],
    );
  });
}

/** What may be there only once in a payload: a focused element, a table; and the sum of markdown. */
function severalOf(blocks: readonly Block[], base: string): Fault[] {
  const focused = findElements(blocks).filter(
    ({ element }) => "focus_on_load" in element && element.focus_on_load === true,
  );
  const tables = blocks.filter((block) => block.type === "table");
  const markdown = blocks.reduce(
    (sum, block) => sum + (block.type === "markdown" ? countCharacters(block.text) : 0),
    0,
  );
  return [
    ...(focused.length > 1
      ? [{ pointer: base, message: "only one element can have focus_on_load set to true" }]
      : []),
    ...(tables.length > 1 ? [{ pointer: base, message: "only one table block is allowed" }] : []),
    ...(markdown > markdownLimit
      ? [
          {
            pointer: base,
            message: `markdown blocks together must be less than ${markdownLimit + 1} characters`,
          },
        ]
      : []),
  ];
}
