import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { TextBlocks } from "../../text/text-blocks.tsx";
import { parseMarkdown } from "./parse-markdown.ts";

/** A text in Discord's markdown. */
export function Markdown({ source }: { source: string }): VNode {
  const blocks = useMemo(() => parseMarkdown(source), [source]);
  return (
    <div class="dc-text">
      <TextBlocks blocks={blocks} />
    </div>
  );
}
