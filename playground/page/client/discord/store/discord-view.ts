import type { Snapshot } from "../../../../discord/index.ts";
import type { ChatView } from "../../store/chat-view.ts";
import type { MessageKey, Place, Screen } from "../../store/ui-state.ts";
import { unreadOf } from "./unread.ts";

/** Discord in the words that all platforms share. */
export function discordView(discord: Snapshot): ChatView {
  return {
    name: "Discord",
    isConnected: discord.connections > 0,
    people: discord.users.map(({ id, name, displayName }) => ({ id, name, displayName })),
    firstScreen: { place: firstPlace(discord), thread: null },
    messageIds: () => discord.messages.map(({ id }) => id),
    calls: discord.notifications.map(({ userId, channelId, messageId, text }) => ({
      userId,
      channelId,
      id: messageId,
      text,
    })),
    troubles: discord.errors.map(({ userId, detail }) => ({
      userId,
      title: "This interaction failed",
      text: detail,
      isToldInPlace: true,
    })),
    screenFor: (message, open) => screenFor(discord, message, open),
    unread: (reads, userId) => unreadOf(discord, reads, userId),
  };
}

function firstPlace({ channels }: Snapshot): Place {
  const channel = channels.find(({ kind }) => kind === "text");
  return channel ? { kind: "channel", channelId: channel.id } : { kind: "activity" };
}

/** A thread opens beside its channel. */
function screenFor(discord: Snapshot, { channelId, id }: MessageKey, open: Screen): Screen | undefined {
  const channel = discord.channels.find((one) => one.id === channelId);
  const isThere = discord.messages.some((message) => message.id === id && message.channelId === channelId);
  if (!channel || !isThere) return undefined;
  if (channel.parentId === null) return { place: { kind: "channel", channelId }, thread: open.thread };
  const thread = { channelId: channel.parentId, id: channel.id };
  return { place: { kind: "channel", channelId: channel.parentId }, thread };
}
