import type { Channel } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Token } from "../state/tokens.ts";
import type { World } from "../world.ts";

/** The channel as far as the bot can see it: a private one it was not invited to does not exist for it. */
export function visibleChannel(world: World, key: string): Channel {
  const { channels, users } = world.directory;
  if (users.has(key)) return world.directory.directChannel(key);
  const channel = channels.get(key) ?? [...channels.values()].find(({ name }) => `#${name}` === key);
  if (!channel || (channel.kind !== "public" && !channel.hasBot)) return refuse("channel_not_found");
  return channel;
}

/** The channel, if the bot may post there (Slack: chat.postMessage errors). */
export function postableChannel(world: World, token: Token, key: string): Channel {
  const channel = visibleChannel(world, key);
  if (!channel.hasBot && !token.scopes.has("chat:write.public")) refuse("not_in_channel");
  if (channel.isArchived) refuse("is_archived");
  return channel;
}
