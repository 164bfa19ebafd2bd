import type { VNode } from "preact";
import type { TextBlock } from "./inline.ts";
import { Inlines } from "./inlines.tsx";

/** Paragraphs, lists, quotes and code, one below the other. */
export function TextBlocks({ blocks }: { blocks: readonly TextBlock[] }): VNode {
  return (
    <>
      {blocks.map((block, index) => (
        <OneBlock key={index} block={block} />
      ))}
    </>
  );
}

function OneBlock({ block }: { block: TextBlock }): VNode {
  switch (block.kind) {
    case "paragraph":
      return (
        <div class="paragraph">
          <Inlines nodes={block.children} />
        </div>
      );
    case "heading":
      return (
        <div class={`md-heading md-heading-${Math.min(block.level, 3)}`} role="heading" aria-level={4}>
          <Inlines nodes={block.children} />
        </div>
      );
    case "small":
      return (
        <div class="small-print">
          <Inlines nodes={block.children} />
        </div>
      );
    case "quote":
      return (
        <blockquote class="quote">
          <Inlines nodes={block.children} />
        </blockquote>
      );
    case "pre":
      return (
        <pre class="pre" tabIndex={0}>
          {block.text}
        </pre>
      );
    case "rule":
      return <hr class="divider" />;
    case "list":
      return <List block={block} />;
  }
}

function List({ block }: { block: Extract<TextBlock, { kind: "list" }> }): VNode {
  const items = block.items.map((item, index) => (
    <li key={index}>
      <Inlines nodes={item} />
    </li>
  ));
  const indent = `bullets bullets-${block.indent}`;
  if (block.isOrdered) {
    return (
      <ol class={indent} start={block.start}>
        {items}
      </ol>
    );
  }
  return <ul class={indent}>{items}</ul>;
}
