import type { Channel, Message, Notification } from "../model.ts";
import type { World } from "../world.ts";
import { findMentions, type Mention } from "./find-mentions.ts";

/**
 * Rings the people a new message mentions. Only members of the channel are reached, a disabled group reaches nobody,
 * and edits never notify (Slack: mentioning in messages).
 */
export function notify(world: World, message: Message): void {
  const channel = world.directory.channels.get(message.channelId);
  if (!channel) return;
  const reached = new Set<string>();
  for (const mention of findMentions(message)) {
    for (const userId of peopleBehind(world, channel, mention)) {
      if (reached.has(userId) || !channel.members.includes(userId)) continue;
      reached.add(userId);
      ring(world, { userId, channelId: channel.id, ts: message.ts, cause: mention.kind, text: message.text });
    }
  }
}

function peopleBehind(world: World, channel: Channel, mention: Mention): readonly string[] {
  if (mention.kind === "user") return [mention.id];
  if (mention.kind === "broadcast") return channel.members;
  const group = world.directory.groups.get(mention.id);
  return group && group.dateDelete === 0 ? group.users : [];
}

function ring(world: World, notification: Notification): void {
  world.notifications.push(notification);
  world.feed.emit({ kind: "notification", notification });
}
