import type { Channel, Snapshot } from "../../../../discord/index.ts";
import { countMentions, lastRead, type Reads, type Unread } from "../../store/reads.ts";

/** Threads are channels of their own; they count as unread for those who were added to them. */
export function unreadOf(discord: Snapshot, reads: Reads, userId: string): Unread {
  const there = new Set(discord.messages.map(({ id }) => id));
  const isUnread = (channelId: string, id: string): boolean => lastRead(reads, userId, channelId) < id;
  const calls = discord.notifications.filter(
    (call) => call.userId === userId && there.has(call.messageId) && isUnread(call.channelId, call.messageId),
  );
  const followed = new Set(
    discord.channels.filter((channel) => follows(discord, channel, userId)).map(({ id }) => id),
  );
  const news = discord.messages.filter(
    ({ authorId, channelId, id }) =>
      authorId !== userId && followed.has(channelId) && isUnread(channelId, id),
  );
  return {
    ...countMentions(calls.map(({ channelId }) => channelId)),
    channels: new Set(news.map(({ channelId }) => channelId)),
  };
}

/** Whether a person sees a channel; a thread is seen by those who see its parent. */
export function sees(discord: Snapshot, channel: Channel, userId: string): boolean {
  const parent = discord.channels.find(({ id }) => id === channel.parentId);
  if (parent) return sees(discord, parent, userId);
  return channel.members === "everyone" || channel.members.includes(userId);
}

function follows(discord: Snapshot, channel: Channel, userId: string): boolean {
  if (channel.thread) return channel.thread.memberIds.includes(userId);
  return sees(discord, channel, userId);
}
