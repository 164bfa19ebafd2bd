import { messageWire } from "../api/message-wire.ts";
import { memberWire } from "../api/person-wire.ts";
import { intents } from "../gateway/intents.ts";
import type { Json, Message } from "../model.ts";
import type { World } from "../world.ts";

/** Tells sessions with the intent of a message; without MESSAGE_CONTENT those of others are empty. */
export function dispatchMessage(world: World, message: Message, event: "CREATE" | "UPDATE" | "DELETE"): void {
  const { directory, settings, gateway } = world;
  const channel = directory.channels.get(message.channelId);
  if (!channel || channel.kind === "dm" || !channel.hasBot) return;
  const place = { channel_id: message.channelId, guild_id: settings.guildId };
  if (event === "DELETE") {
    gateway.dispatch("MESSAGE_DELETE", { id: message.id, ...place }, intents.guildMessages);
    return;
  }
  const { user: _user, ...member } = memberWire(directory.findUser(message.authorId));
  const isOwn = message.authorId === settings.applicationId;
  const mentionsBot = message.content.includes(`<@${settings.applicationId}>`);
  const content: Json =
    isOwn || mentionsBot || (settings.privilegedIntents & intents.messageContent) !== 0
      ? {}
      : { content: "", components: [], attachments: [], embeds: [] };
  const data = { ...messageWire(world, message), ...place, member, ...content };
  gateway.dispatch(`MESSAGE_${event}`, data, intents.guildMessages);
}
