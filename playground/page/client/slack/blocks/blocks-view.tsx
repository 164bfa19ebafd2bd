import type { VNode } from "preact";
import type { Block } from "../../../../slack/blocks/block.ts";
import { type Host, HostContext } from "../elements/host.ts";
import { BlockView } from "./block-view.tsx";

/** The blocks of one message or view; each keeps its place on the screen while its block_id stays. */
export function BlocksView({ host }: { host: Host }): VNode {
  return (
    <HostContext.Provider value={host}>
      <div class="blocks">
        {host.blocks.map((block, index) => (
          <BlockView key={blockKey(block, index)} block={block} />
        ))}
      </div>
    </HostContext.Provider>
  );
}

/** Only inputs must keep their identity; blocks without an own id get a new one with each edit and go by position. */
function blockKey(block: Block, index: number): string {
  const isUsed =
    block.type === "input" || block.type === "actions" || (block.type === "section" && block.accessory);
  return isUsed ? `${block.type}:${block.block_id}` : `${block.type}:${index}`;
}
