import type { Channel, Message } from "../model.ts";
import { isPermitted, type Permission, permissions } from "../permissions.ts";
import { refuse } from "../refusal.ts";
import type { World } from "../world.ts";

/** The bot's permissions in a channel; those of a thread are its parent's. */
export function botPermissionsIn(world: World, channel: Channel): bigint {
  const place = world.directory.channels.get(channel.parentId ?? "") ?? channel;
  if (!place.hasBot) return 0n;
  return place.botPermissions === null ? world.settings.botPermissions : BigInt(place.botPermissions);
}

/** The channel, when it is there and the bot sees it: else 10003 or 50001. */
export function reachChannel(world: World, id: string, ...wanted: readonly Permission[]): Channel {
  const channel = world.directory.channels.get(id);
  if (!channel || channel.isDeleted) refuse("unknownChannel");
  const held = botPermissionsIn(world, channel);
  if (channel.kind === "dm") return channel;
  if (!isPermitted(held, permissions.viewChannel)) refuse("missingAccess");
  for (const permission of wanted) {
    if (!isPermitted(held, permissions[permission])) refuse("missingPermissions");
  }
  return channel;
}

export function reachMessage(world: World, channel: Channel, id: string): Message {
  return world.messages.find(channel.id, id) ?? refuse("unknownMessage");
}

/** A message of the bot itself, which alone it may edit. */
export function reachOwnMessage(world: World, channel: Channel, id: string): Message {
  const message = reachMessage(world, channel, id);
  if (message.authorId !== world.settings.applicationId) refuse("notTheAuthor");
  return message;
}
