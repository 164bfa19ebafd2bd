import { z } from "zod";
import type { Json } from "../model.ts";
import { refuse } from "../refusal.ts";
import { notify } from "../state/notify.ts";
import type { World } from "../world.ts";
import { checkContent, checkMetadata } from "./check-content.ts";
import { messageWire } from "./message-wire.ts";
import { type Call, defineMethod, flag, jsonArg } from "./method.ts";
import { postableChannel } from "./reach-channel.ts";

export const metadataArg = jsonArg(
  z
    .strictObject({
      event_type: z.string().min(1).max(255),
      event_payload: z.record(z.string(), z.unknown()),
    })
    .optional(),
);

const content = {
  channel: z.string(),
  text: z.string().optional(),
  blocks: jsonArg(z.unknown().optional()),
  thread_ts: z.string().optional(),
  parse: z.enum(["none", "full"]).optional(),
  link_names: flag,
  mrkdwn: flag,
  username: z.string().optional(),
  icon_emoji: z.string().optional(),
  icon_url: z.string().optional(),
};

const postArgs = z.strictObject({
  ...content,
  reply_broadcast: flag,
  metadata: metadataArg,
  unfurl_links: flag,
  unfurl_media: flag,
  client_msg_id: z.string().optional(),
});

export const chatPostMessage = defineMethod({
  name: "chat.postMessage",
  tier: "post",
  scopes: ["chat:write"],
  args: postArgs,
  run: postMessage,
});

function postMessage({ world, token, args }: Call<z.infer<typeof postArgs>>): Json {
  const channel = postableChannel(world, token, args.channel);
  const blocks = checkContent(world, "chat.postMessage", args.blocks) ?? [];
  if (blocks.length === 0 && !args.text) refuse("no_text");
  checkMetadata(args.metadata);
  checkThread(world, channel.id, args.thread_ts);
  const message = world.messages.post({
    channelId: channel.id,
    userId: world.settings.botUserId,
    text: args.text ?? "",
    blocks,
    threadTs: args.thread_ts,
    isBroadcast: args.thread_ts !== undefined && args.reply_broadcast === true,
    metadata: args.metadata,
  });
  notify(world, message);
  return { channel: channel.id, ts: message.ts, message: messageWire(world, message) };
}

export function checkThread(world: World, channelId: string, threadTs: string | undefined): void {
  if (threadTs === undefined) return;
  const parent = world.messages.find(channelId, threadTs) ?? refuse("thread_not_found");
  if (parent.threadTs !== undefined) refuse("cannot_reply_to_message");
}

const ephemeralArgs = z.strictObject({ ...content, user: z.string() });

export const chatPostEphemeral = defineMethod({
  name: "chat.postEphemeral",
  tier: 4,
  scopes: ["chat:write"],
  args: ephemeralArgs,
  run: ({ world, token, args }) => {
    const channel = postableChannel(world, token, args.channel);
    if (!channel.members.includes(args.user)) refuse("user_not_in_channel");
    const blocks = checkContent(world, "chat.postEphemeral", args.blocks) ?? [];
    if (blocks.length === 0 && !args.text) refuse("no_text");
    checkThread(world, channel.id, args.thread_ts);
    const message = world.messages.postEphemeral(
      {
        channelId: channel.id,
        userId: world.settings.botUserId,
        text: args.text ?? "",
        blocks,
        threadTs: args.thread_ts,
      },
      args.user,
    );
    return { message_ts: message.ts };
  },
});
