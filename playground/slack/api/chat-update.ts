import { z } from "zod";
import type { Json, Message } from "../model.ts";
import { refuse } from "../refusal.ts";
import { refuseViolation } from "../report-violation.ts";
import type { World } from "../world.ts";
import { metadataArg } from "./chat-post.ts";
import { checkContent, checkMetadata } from "./check-content.ts";
import { messageWire } from "./message-wire.ts";
import { type Call, defineMethod, flag, jsonArg } from "./method.ts";
import { visibleChannel } from "./reach-channel.ts";

/** chat.update takes 4,000 bytes of text, counted after escaping, where chat.postMessage takes 40,000 (`msg_too_long`). */
const editTextLimitBytes = 4000;

const updateArgs = z.strictObject({
  channel: z.string(),
  ts: z.string(),
  text: z.string().optional(),
  blocks: jsonArg(z.unknown().optional()),
  metadata: metadataArg,
  parse: z.enum(["none", "full"]).optional(),
  link_names: flag,
  reply_broadcast: flag,
});

export const chatUpdate = defineMethod({
  name: "chat.update",
  tier: 3,
  scopes: ["chat:write"],
  args: updateArgs,
  run: updateMessage,
});

function updateMessage({ world, args }: Call<z.infer<typeof updateArgs>>): Json {
  const message = ownMessage(world, args, "cant_update_message");
  if (args.text === undefined && args.blocks === undefined && args.metadata === undefined) refuse("no_text");
  const blocks = checkContent(world, "chat.update", args.blocks);
  checkTextLength(world, args.text ?? "");
  checkMetadata(args.metadata);
  world.messages.edit(message, { text: args.text, blocks, metadata: args.metadata });
  return {
    channel: message.channelId,
    ts: message.ts,
    text: message.text,
    message: messageWire(world, message),
  };
}

function checkTextLength(world: World, text: string): void {
  const bytes = Buffer.byteLength(text.replaceAll(/&(?!amp;|lt;|gt;)/g, "&amp;"));
  if (bytes <= editTextLimitBytes) return;
  refuseViolation(world, {
    where: "chat.update",
    error: "msg_too_long",
    faults: [{ pointer: "/text", message: `must be no more than ${editTextLimitBytes} bytes` }],
  });
}

function ownMessage(world: World, key: { channel: string; ts: string }, error: string): Message {
  const channel = visibleChannel(world, key.channel);
  const message = world.messages.find(channel.id, key.ts) ?? refuse("message_not_found");
  if (message.userId !== world.settings.botUserId) refuse(error);
  return message;
}

export const chatDelete = defineMethod({
  name: "chat.delete",
  tier: 3,
  scopes: ["chat:write"],
  args: z.strictObject({ channel: z.string(), ts: z.string() }),
  run: ({ world, args }) => {
    const message = ownMessage(world, args, "cant_delete_message");
    world.messages.delete(message);
    return { channel: message.channelId, ts: message.ts };
  },
});

export const chatGetPermalink = defineMethod({
  name: "chat.getPermalink",
  tier: "none",
  args: z.strictObject({ channel: z.string(), message_ts: z.string() }),
  run: ({ world, args }) => {
    const channel = visibleChannel(world, args.channel);
    const message = world.messages.find(channel.id, args.message_ts) ?? refuse("message_not_found");
    return { channel: channel.id, permalink: permalinkOf(world, message) };
  },
});

/** A reply's link carries its thread (Slack: chat.getPermalink). */
export function permalinkOf(world: World, message: Message): string {
  const path = `/archives/${message.channelId}/p${message.ts.replace(".", "")}`;
  const query =
    message.threadTs === undefined ? "" : `?thread_ts=${message.threadTs}&cid=${message.channelId}`;
  return `https://${world.settings.teamDomain}.slack.com${path}${query}`;
}
