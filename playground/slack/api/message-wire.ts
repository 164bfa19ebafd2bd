import type { EphemeralMessage, Json, Message } from "../model.ts";
import type { World } from "../world.ts";

/** A message in the shape Slack answers with and puts into payloads. */
export function messageWire(world: World, message: Message | EphemeralMessage, withMetadata = true): Json {
  const { settings } = world;
  const isBot = message.userId === settings.botUserId;
  return {
    type: "message",
    user: message.userId,
    ...(isBot ? { bot_id: settings.botId, app_id: settings.appId } : {}),
    team: settings.teamId,
    ts: message.ts,
    text: message.text,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs === undefined ? threadFacts(world, message) : { thread_ts: message.threadTs }),
    ...(message.isBroadcast ? { subtype: "thread_broadcast" } : {}),
    ...(message.isMarkedEdited ? { edited: { user: message.userId, ts: message.ts } } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
    ...(message.files.length > 0 ? { files: message.files.map(({ id, title }) => ({ id, title })) } : {}),
  };
}

function threadFacts(world: World, message: Message): Json {
  const replies = world.messages.inThread(message.channelId, message.ts);
  const last = replies.at(-1);
  return last ? { thread_ts: message.ts, reply_count: replies.length, latest_reply: last.ts } : {};
}
