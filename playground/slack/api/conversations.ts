import { z } from "zod";
import type { Channel, Json, Message } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { World } from "../world.ts";
import { messageWire } from "./message-wire.ts";
import { type Call, count, defineMethod, flag, textArg } from "./method.ts";
import { visibleChannel } from "./reach-channel.ts";

/** Scopes differ by the kind of conversation: channels:*, groups:* or im:* (Slack: conversations API). */
function scopesFor(right: "read" | "history") {
  const families = { public: "channels", private: "groups", im: "im" } as const;
  return (world: World, args: Json): readonly string[] => {
    const channel = world.directory.channels.get(textArg(args, "channel"));
    return [`${families[channel?.kind ?? "public"]}:${right}`];
  };
}

export const conversationsInfo = defineMethod({
  name: "conversations.info",
  tier: 3,
  scopes: scopesFor("read"),
  args: z.strictObject({ channel: z.string(), include_num_members: flag, include_locale: flag }),
  run: ({ world, args }) => {
    const channel = visibleChannel(world, args.channel);
    return { channel: channelWire(world, channel, args.include_num_members === true) };
  },
});

function channelWire(world: World, channel: Channel, withCount: boolean): Json {
  if (channel.kind === "im") return { id: channel.id, is_im: true, user: channel.members[0] };
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === "public",
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === "private",
    is_archived: channel.isArchived,
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_org_shared: false,
    is_general: false,
    is_member: channel.hasBot,
    context_team_id: world.settings.teamId,
    ...(withCount ? { num_members: channel.members.length } : {}),
  };
}

export const conversationsOpen = defineMethod({
  name: "conversations.open",
  tier: 3,
  scopes: ["im:write"],
  args: z.strictObject({
    users: z.string().optional(),
    channel: z.string().optional(),
    return_im: flag,
    prevent_creation: flag,
  }),
  run: ({ world, args }) => {
    const userId = args.users ?? refuse("channel_not_found");
    if (userId.includes(",")) refuse("not_enough_users");
    if (!world.directory.users.has(userId)) refuse("user_not_found");
    return { channel: { id: world.directory.directChannel(userId).id } };
  },
});

const repliesArgs = z.strictObject({
  channel: z.string(),
  ts: z.string(),
  include_all_metadata: flag,
  inclusive: flag,
  limit: count,
  cursor: z.string().optional(),
  latest: z.string().optional(),
  oldest: z.string().optional(),
});

/** The message a thread begins with and its replies, oldest first; at most `limit` at a time. */
export const conversationsReplies = defineMethod({
  name: "conversations.replies",
  tier: 3,
  scopes: scopesFor("history"),
  args: repliesArgs,
  run: listReplies,
});

function listReplies({ world, args }: Call<z.infer<typeof repliesArgs>>): Json {
  const channel = visibleChannel(world, args.channel);
  if (!channel.hasBot) refuse("not_in_channel");
  const found = world.messages.find(channel.id, args.ts) ?? refuse("thread_not_found");
  const parent = world.messages.find(channel.id, found.threadTs ?? found.ts) ?? found;
  const replies = world.messages
    .inThread(channel.id, parent.ts)
    .filter(({ ts }) => ts > (args.oldest ?? "") && (args.latest === undefined || ts <= args.latest));
  return page(world, [parent, ...replies], args);
}

const historyArgs = repliesArgs.omit({ ts: true });

/** What stands in the channel itself, newest first. */
export const conversationsHistory = defineMethod({
  name: "conversations.history",
  tier: 3,
  scopes: scopesFor("history"),
  args: historyArgs,
  run: listHistory,
});

function listHistory({ world, args }: Call<z.infer<typeof historyArgs>>): Json {
  const channel = visibleChannel(world, args.channel);
  if (!channel.hasBot) refuse("not_in_channel");
  const found = world.messages
    .inChannel(channel.id)
    .filter(({ ts }) => ts > (args.oldest ?? "") && (args.latest === undefined || ts <= args.latest))
    .toReversed();
  return page(world, found, args);
}

interface PageArgs {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly include_all_metadata?: boolean | undefined;
}

/** One page of a list; 100 messages unless told otherwise, 999 at most (Slack: conversations.history). */
function page(world: World, messages: readonly Message[], args: PageArgs): Json {
  const start = Number(args.cursor ?? 0);
  const end = start + Math.min(args.limit ?? 100, 999);
  const hasMore = end < messages.length;
  return {
    messages: messages
      .slice(start, end)
      .map((message) => messageWire(world, message, args.include_all_metadata === true)),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? String(end) : "" },
  };
}
