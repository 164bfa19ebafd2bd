import type { VNode } from "preact";
import { type Directory, useDirectory } from "../store/context.ts";
import type { Inline } from "./inline.ts";

type MentionNode = Extract<Inline, { kind: "user" | "group" | "channel" | "broadcast" }>;

/** A name as a chip; a stronger one when it means the reader. */
export function Mention({ node }: { node: MentionNode }): VNode {
  const directory = useDirectory();
  const isMe = meansMe(node, directory);
  return (
    <span
      class={isMe ? "mention mention-me" : "mention"}
      title={isMe ? "This is you" : titleOf(node, directory)}
    >
      {nameOf(node, directory)}
    </span>
  );
}

function nameOf(node: MentionNode, { users, groups, channels }: Directory): string {
  switch (node.kind) {
    case "user":
      return `@${users.get(node.id)?.realName ?? node.id}`;
    case "group":
      return `@${groups.get(node.id)?.handle ?? node.id}`;
    case "channel":
      return `#${channels.get(node.id)?.name ?? node.id}`;
    case "broadcast":
      return `@${node.range}`;
  }
}

function titleOf(node: MentionNode, { users, groups }: Directory): string {
  if (node.kind === "user") return users.get(node.id)?.name ?? "";
  if (node.kind !== "group") return "";
  const group = groups.get(node.id);
  const names = group?.users.map((id) => users.get(id)?.realName ?? id) ?? [];
  return group ? `${group.name}: ${names.join(", ")}` : "";
}

function meansMe(node: MentionNode, { meId, groups }: Directory): boolean {
  if (node.kind === "user") return node.id === meId;
  if (node.kind === "group") return groups.get(node.id)?.users.includes(meId) === true;
  return node.kind === "broadcast";
}
