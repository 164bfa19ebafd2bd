import type { VNode } from "preact";
import { type ChannelEntry, type Directory, useActions, useDirectory } from "../store/context.ts";
import type { Inline } from "./inline.ts";

type MentionNode = Extract<Inline, { kind: "user" | "group" | "channel" | "broadcast" }>;

/** A name as a chip; a stronger one when it means the reader, and a way there when it is a channel. */
export function Mention({ node }: { node: MentionNode }): VNode {
  const directory = useDirectory();
  const channel = node.kind === "channel" ? directory.channels.get(node.id) : undefined;
  if (channel && channel.kind !== "direct") return <ChannelMention channel={channel} />;
  const isMe = meansMe(node, directory);
  const color = node.kind === "group" ? directory.groups.get(node.id)?.color : null;
  return (
    <span
      class={isMe ? "mention mention-me" : "mention"}
      title={isMe ? "This is you" : titleOf(node, directory)}
      style={color ? { color } : undefined}
    >
      {nameOf(node, directory)}
    </span>
  );
}

function ChannelMention({ channel }: { channel: ChannelEntry }): VNode {
  const { dispatch } = useActions();
  const open = (): void => {
    const channelId = channel.parentId ?? channel.id;
    dispatch({ type: "go", place: { kind: "channel", channelId } });
    if (channel.parentId !== null) dispatch({ type: "open-thread", thread: { channelId, id: channel.id } });
  };
  return (
    <button type="button" class="mention mention-channel" onClick={open}>
      #{channel.name}
    </button>
  );
}

function nameOf(node: MentionNode, { users, groups, channels }: Directory): string {
  switch (node.kind) {
    case "user":
      return `@${users.get(node.id)?.displayName ?? node.id}`;
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
  const names = group?.memberIds.map((id) => users.get(id)?.displayName ?? id) ?? [];
  return group ? `${group.title}: ${names.join(", ")}` : "";
}

function meansMe(node: MentionNode, { meId, groups }: Directory): boolean {
  if (node.kind === "user") return node.id === meId;
  if (node.kind === "group") return groups.get(node.id)?.memberIds.includes(meId) === true;
  return node.kind === "broadcast";
}
