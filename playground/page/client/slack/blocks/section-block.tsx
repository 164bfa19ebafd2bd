import type { VNode } from "preact";
import type { Block } from "../../../../slack/blocks/block.ts";
import { ElementView } from "../elements/element-view.tsx";
import { TextView } from "../text/text-object.tsx";
import { Picture } from "./image-block.tsx";

type Section = Extract<Block, { type: "section" }>;

/** A text, two columns of fields, and one element at the side. */
export function SectionBlock({ block }: { block: Section }): VNode {
  return (
    <div class="block block-section">
      <div class="section-text">
        {block.text && <TextView text={block.text} />}
        {block.fields && (
          <div class="section-fields">
            {block.fields.map((field, index) => (
              <div key={index}>
                <TextView text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      <Accessory block={block} />
    </div>
  );
}

function Accessory({ block }: { block: Section }): VNode | null {
  const { accessory } = block;
  if (!accessory) return null;
  if (accessory.type === "image") return <Picture image={accessory} className="section-picture" />;
  return (
    <div class="section-accessory">
      <ElementView element={accessory} blockId={block.block_id ?? ""} label={block.text?.text ?? "Choose"} />
    </div>
  );
}
