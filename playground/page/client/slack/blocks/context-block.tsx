import type { VNode } from "preact";
import type { Block } from "../../../../slack/blocks/block.ts";
import { TextView } from "../text/text-object.tsx";
import { Picture } from "./image-block.tsx";

/** Small print. */
export function ContextBlock({ block }: { block: Extract<Block, { type: "context" }> }): VNode {
  return (
    <div class="block block-context">
      {block.elements.map((element, index) => (
        <div class="context-piece" key={index}>
          {element.type === "image" ? (
            <Picture image={element} className="context-picture" />
          ) : (
            <TextView text={element} />
          )}
        </div>
      ))}
    </div>
  );
}
