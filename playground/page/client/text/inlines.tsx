import { type ComponentChildren, Fragment, type VNode } from "preact";
import { useState } from "preact/hooks";
import { emojiCharacter } from "./emoji.ts";
import { formatDate, fullDate } from "./format-date.ts";
import type { Inline, InlineStyle } from "./inline.ts";
import { Mention } from "./mention.tsx";
import { SafeLink } from "./safe-link.tsx";
import { useNow } from "./use-now.ts";

/** Pieces of text, drawn. Text stays text: there is no way from here to markup. */
export function Inlines({ nodes }: { nodes: readonly Inline[] }): VNode {
  return (
    <>
      {nodes.map((node, index) => (
        <Fragment key={index}>
          <Piece node={node} />
        </Fragment>
      ))}
    </>
  );
}

function Piece({ node }: { node: Inline }): ComponentChildren {
  switch (node.kind) {
    case "text":
      return node.text;
    case "break":
      return <br />;
    case "styled":
      return <Styled style={node.style} nodes={node.children} />;
    case "code":
      return <code class="code">{node.text}</code>;
    case "link":
      return (
        <SafeLink url={node.url}>
          <Inlines nodes={node.children} />
        </SafeLink>
      );
    case "date":
      return <LocalDate node={node} />;
    case "command":
      return <span class="mention">{node.name}</span>;
    case "color":
      return <code class="code">{node.value}</code>;
    case "emoji":
      return <Emoji name={node.name} />;
    case "user":
    case "group":
    case "channel":
    case "broadcast":
      return <Mention node={node} />;
  }
}

function Styled({ style, nodes }: { style: InlineStyle; nodes: readonly Inline[] }): VNode {
  const inner = <Inlines nodes={nodes} />;
  switch (style) {
    case "bold":
      return <strong>{inner}</strong>;
    case "italic":
      return <em>{inner}</em>;
    case "strike":
      return <s>{inner}</s>;
    case "underline":
      return <u>{inner}</u>;
    case "spoiler":
      return <Spoiler>{inner}</Spoiler>;
  }
}

/** Hidden until it is pressed. */
function Spoiler({ children }: { children: ComponentChildren }): VNode {
  const [isShown, setShown] = useState(false);
  if (isShown) return <span class="spoiler-shown">{children}</span>;
  return (
    <button type="button" class="spoiler" aria-label="Show the spoiler" onClick={() => setShown(true)}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}

function LocalDate({ node }: { node: Extract<Inline, { kind: "date" }> }): VNode {
  const date = new Date(node.timestamp * 1000);
  const now = useNow(node.format.includes("{ago}"));
  if (Number.isNaN(date.getTime())) return <>{node.fallback}</>;
  return (
    <time class="date" dateTime={date.toISOString()} title={fullDate(date)}>
      {formatDate(node.format, node.timestamp, { now }) || node.fallback}
    </time>
  );
}

function Emoji({ name }: { name: string }): VNode {
  const character = emojiCharacter(name);
  if (character === undefined) return <>{`:${name}:`}</>;
  return (
    <span class="emoji" role="img" aria-label={name.replaceAll("_", " ")} title={`:${name}:`}>
      {character}
    </span>
  );
}
