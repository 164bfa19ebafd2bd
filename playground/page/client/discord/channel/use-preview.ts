import type { Component } from "../../../../discord/index.ts";
import { useDirectory } from "../../store/context.ts";
import type { Inline } from "../../text/inline.ts";
import type { Message } from "../store/timeline.ts";
import { parseMarkdown, wordsOf } from "../text/parse-markdown.ts";

/** A message in one line: its first text without marks, or what it consists of. */
export function usePreview(message: Message | undefined): string {
  const { users, groups, channels } = useDirectory();
  const name = (node: Inline): string => {
    if (node.kind === "user") return `@${users.get(node.id)?.displayName ?? node.id}`;
    if (node.kind === "group") return `@${groups.get(node.id)?.handle ?? node.id}`;
    if (node.kind === "channel") return `#${channels.get(node.id)?.name ?? node.id}`;
    if (node.kind === "date") return new Date(node.timestamp * 1000).toLocaleString();
    return node.kind === "command" ? node.name : "";
  };
  if (!message) return "";
  const source = message.content || firstText(message.components);
  if (source === undefined) return "Click to see the message";
  return wordsOf(parseMarkdown(source), name);
}

function firstText(components: readonly Component[]): string | undefined {
  for (const component of components) {
    if (component.type === 10) return component.content;
    const inner = "components" in component ? firstText(component.components) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
