import type { Channel, Json, Message } from "../model.ts";
import type { Permission } from "../permissions.ts";
import { refuse, refuseForNow } from "../refusal.ts";
import { dispatchMessage } from "../state/dispatch-message.ts";
import { notify } from "../state/notify.ts";
import { reachChannel, reachMessage, reachOwnMessage } from "../state/reach-channel.ts";
import { addToThread, countInThread } from "../state/threads.ts";
import { editRules, postRules } from "../validation/message-rules.ts";
import type { World } from "../world.ts";
import { isEmpty, type MessageBody, messageEdit, newMessage } from "./message-body.ts";
import { messageWire } from "./message-wire.ts";
import { type Answer, type Call, defineRoute, noContent, ok, param } from "./route.ts";

/** How long a nonce is remembered; Discord says "the past few minutes" ("Discord, Create Message"). */
const nonceMs = 5 * 60_000;
const hourMs = 60 * 60_000;

export const postMessage = defineRoute({
  name: "POST /channels/{channel}/messages",
  auth: "bot",
  limit: "post",
  schema: () => "message",
  rules: postRules,
  run: post,
});

function post(call: Call): Answer {
  const { world, files } = call;
  const body = call.body as MessageBody;
  const channel = writableChannel(world, param(call, "channel"), files.length > 0 ? ["attachFiles"] : []);
  const earlier = body.enforce_nonce === true ? earlierMessage(world, channel, body.nonce) : undefined;
  if (earlier) return ok(messageWire(world, earlier));
  if (isEmpty(body, files)) refuse("emptyMessage");
  const message = world.messages.post({
    ...newMessage(world, body, files),
    channelId: channel.id,
    authorId: world.settings.applicationId,
    nonce: body.nonce === undefined || body.nonce === null ? null : String(body.nonce),
    referencedId: body.message_reference?.message_id ?? null,
  });
  addToThread(world, channel, message.authorId);
  announce(world, channel, { message, body });
  return ok(messageWire(world, message));
}

/** Rings, counts and tells of a new message. */
export function announce(
  world: World,
  channel: Channel,
  { message, body }: { message: Message; body: MessageBody },
): void {
  countInThread(world, channel);
  notify(world, message, body.allowed_mentions);
  dispatchMessage(world, message, "CREATE");
}

/** A channel the bot may write in now; a thread that is locked takes nothing ("Discord, Threads"). */
function writableChannel(world: World, id: string, more: readonly Permission[]): Channel {
  const isThread = world.directory.channels.get(id)?.thread !== null;
  const channel = reachChannel(world, id, isThread ? "sendMessagesInThreads" : "sendMessages", ...more);
  if (channel.kind === "forum") refuse("wrongChannelType");
  if (channel.thread?.isLocked) refuse("threadLocked");
  return channel;
}

function earlierMessage(world: World, channel: Channel, nonce: MessageBody["nonce"]): Message | undefined {
  if (nonce === undefined || nonce === null) return undefined;
  const since = world.clock.now() - nonceMs;
  return world.messages
    .inChannel(channel.id)
    .find((message) => message.nonce === String(nonce) && message.createdAtMs > since);
}

export const patchMessage = defineRoute({
  name: "PATCH /channels/{channel}/messages/{message}",
  auth: "bot",
  limit: "edit",
  schema: () => "messageEdit",
  rules: editRules,
  run: edit,
});

function edit(call: Call): Answer {
  const { world, files } = call;
  const channel = reachChannel(world, param(call, "channel"));
  const message = reachOwnMessage(world, channel, param(call, "message"));
  if (channel.thread?.isArchived) refuse("threadArchived");
  countOldEdit(world, message);
  world.messages.edit(message, messageEdit(world, call.body, { ...message, files }));
  dispatchMessage(world, message, "UPDATE");
  return ok(messageWire(world, message));
}

function countOldEdit(world: World, message: Message): void {
  if (world.clock.now() - message.createdAtMs < hourMs) return;
  const wait = world.rateLimits.takeOldEdit(message.channelId);
  if (wait !== undefined) refuseForNow("oldMessageEdits", wait);
}

export const deleteMessage = defineRoute({
  name: "DELETE /channels/{channel}/messages/{message}",
  auth: "bot",
  limit: "other",
  run: (call) => {
    const { world } = call;
    const channel = reachChannel(world, param(call, "channel"));
    const message = reachMessage(world, channel, param(call, "message"));
    if (message.authorId !== world.settings.applicationId) reachChannel(world, channel.id, "manageMessages");
    if (channel.thread?.isArchived) refuse("threadArchived");
    world.messages.delete(message);
    dispatchMessage(world, message, "DELETE");
    return noContent;
  },
});

export const getMessage = defineRoute({
  name: "GET /channels/{channel}/messages/{message}",
  auth: "bot",
  limit: "other",
  run: (call) => {
    const channel = reachChannel(call.world, param(call, "channel"), "readMessageHistory");
    return ok(messageWire(call.world, reachMessage(call.world, channel, param(call, "message"))));
  },
});

/** Newest first, 50 unless told otherwise ("Discord, Get Channel Messages"). */
export const getMessages = defineRoute({
  name: "GET /channels/{channel}/messages",
  auth: "bot",
  limit: "other",
  run: (call) => {
    const channel = reachChannel(call.world, param(call, "channel"));
    const messages = call.world.messages.inChannel(channel.id);
    return ok(page(messages, call.query).map((message): Json => messageWire(call.world, message)));
  },
});

function page(messages: readonly Message[], query: URLSearchParams): Message[] {
  const limit = Math.min(Math.max(Number(query.get("limit") ?? 50), 1), 100);
  const before = query.get("before");
  const after = query.get("after");
  if (after !== null) {
    return messages
      .filter(({ id }) => BigInt(id) > BigInt(after))
      .slice(0, limit)
      .toReversed();
  }
  const older = before === null ? messages : messages.filter(({ id }) => BigInt(id) < BigInt(before));
  return older.slice(-limit).toReversed();
}
