import type { VNode } from "preact";
import type { Block } from "../../../../slack/blocks/block.ts";
import { TextBlocks } from "../../text/text-blocks.tsx";
import { ElementView } from "../elements/element-view.tsx";
import { fromRichText } from "../text/from-rich-text.ts";
import { parseMarkdown } from "../text/parse-markdown.ts";
import { plainString } from "../text/text-object.tsx";
import { AlertBlock } from "./alert-block.tsx";
import { ContextBlock } from "./context-block.tsx";
import { ImageBlock } from "./image-block.tsx";
import { InputBlock } from "./input-block.tsx";
import { PlanBlock } from "./plan-block.tsx";
import { SectionBlock } from "./section-block.tsx";
import { TableBlock } from "./table-block.tsx";
import { TaskCardView } from "./task-card.tsx";

/** Every block that the local Slack accepts. */
export function BlockView({ block }: { block: Block }): VNode {
  switch (block.type) {
    case "section":
      return <SectionBlock block={block} />;
    case "header":
      return <h3 class="block block-header">{plainString(block.text)}</h3>;
    case "divider":
      return <hr class="divider" />;
    case "context":
      return <ContextBlock block={block} />;
    case "actions":
      return <ActionsBlock block={block} />;
    case "input":
      return <InputBlock block={block} />;
    case "image":
      return <ImageBlock block={block} />;
    case "rich_text":
      return <TextOf className="block" blocks={fromRichText(block)} />;
    case "markdown":
      return <TextOf className="block block-markdown" blocks={parseMarkdown(block.text)} />;
    case "table":
      return <TableBlock block={block} />;
    case "alert":
      return <AlertBlock block={block} />;
    case "plan":
      return <PlanBlock block={block} />;
    case "task_card":
      return (
        <ul class="block tasks">
          <TaskCardView task={block} />
        </ul>
      );
  }
}

function TextOf({
  className,
  blocks,
}: {
  className: string;
  blocks: ReturnType<typeof parseMarkdown>;
}): VNode {
  return (
    <div class={className}>
      <TextBlocks blocks={blocks} />
    </div>
  );
}

function ActionsBlock({ block }: { block: Extract<Block, { type: "actions" }> }): VNode {
  return (
    <div class="block block-actions">
      {block.elements.map((element) => (
        <ElementView
          key={element.action_id}
          element={element}
          blockId={block.block_id ?? ""}
          label={"placeholder" in element && element.placeholder ? element.placeholder.text : "Choose"}
        />
      ))}
    </div>
  );
}
