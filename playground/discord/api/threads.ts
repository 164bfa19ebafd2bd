import type { Channel, ThreadState } from "../model.ts";
import { isPermitted, permissions } from "../permissions.ts";
import { refuse, refuseForNow } from "../refusal.ts";
import { announceChannel } from "../state/change-channel.ts";
import { botPermissionsIn, reachChannel, reachMessage } from "../state/reach-channel.ts";
import { addToThread, removeFromThread, startThread } from "../state/threads.ts";
import type { World } from "../world.ts";
import { channelWire, threadMemberWire } from "./channel-wire.ts";
import { type Answer, type Call, defineRoute, noContent, ok, param } from "./route.ts";

/** Minutes ("Discord, Start Thread"): the channel's default. */
const defaultArchiveMinutes = 4320;
/** "Discord, Threads": a guild's limit. */
const activeThreadLimit = 1000;

interface ThreadBody {
  readonly name: string;
  readonly auto_archive_duration?: number | null;
  readonly type?: number | null;
}

export const postMessageThread = defineRoute({
  name: "POST /channels/{channel}/messages/{message}/threads",
  auth: "bot",
  limit: "other",
  schema: () => "threadFromMessage",
  run: (call) => {
    const { world } = call;
    const parent = threadParent(world, param(call, "channel"));
    const starter = reachMessage(world, parent, param(call, "message"));
    if (starter.threadId !== null) refuse("threadExists");
    const thread = startThread(world, { parent, starter, kind: "thread", ...threadBody(call) });
    return { status: 201, body: channelWire(world, thread) };
  },
});

export const postThread = defineRoute({
  name: "POST /channels/{channel}/threads",
  auth: "bot",
  limit: "other",
  schema: () => "thread",
  run: (call) => {
    const { world } = call;
    const parent = threadParent(world, param(call, "channel"));
    /** Private unless told otherwise ("Discord, Start Thread without Message"). */
    const isPublic = (call.body as unknown as ThreadBody).type === 11;
    if (!isPublic) reachChannel(world, parent.id, "createPrivateThreads");
    const kind = isPublic ? "thread" : "private-thread";
    const thread = startThread(world, { parent, starter: null, kind, ...threadBody(call) });
    return { status: 201, body: channelWire(world, thread) };
  },
});

function threadParent(world: World, id: string): Channel {
  const parent = reachChannel(world, id, "createPublicThreads");
  if (parent.kind !== "text" && parent.kind !== "announcement") refuse("wrongChannelType");
  const active = [...world.directory.channels.values()].filter(
    ({ thread, isDeleted }) => thread !== null && !thread.isArchived && !isDeleted,
  );
  if (active.length >= activeThreadLimit) refuse("tooManyThreads");
  return parent;
}

function threadBody(call: Call): { name: string; autoArchiveDuration: number } {
  const body = call.body as unknown as ThreadBody;
  return { name: body.name, autoArchiveDuration: body.auto_archive_duration ?? defaultArchiveMinutes };
}

export const getChannel = defineRoute({
  name: "GET /channels/{channel}",
  auth: "bot",
  limit: "other",
  run: (call) => ok(channelWire(call.world, reachChannel(call.world, param(call, "channel")))),
});

interface ThreadChange {
  readonly name?: string | null;
  readonly archived?: boolean | null;
  readonly locked?: boolean | null;
  readonly auto_archive_duration?: number | null;
}

/** Of threads only: an archived one changes only in the call that opens it ("Discord, Modify Channel"). */
export const patchChannel = defineRoute({
  name: "PATCH /channels/{channel}",
  auth: "bot",
  limit: "other",
  schema: () => "threadChange",
  run: change,
});

function change(call: Call): Answer {
  const { world } = call;
  const channel = reachChannel(world, param(call, "channel"));
  const { thread } = channel;
  if (!thread) refuse("wrongChannelType");
  const body = call.body as ThreadChange;
  requireRight(world, { channel, thread }, body);
  if (thread.isArchived && body.archived !== false) refuse("threadArchived");
  rename(world, channel, body.name ?? channel.name);
  if (typeof body.archived === "boolean" && body.archived !== thread.isArchived) {
    thread.isArchived = body.archived;
    thread.archiveChangedAtMs = world.clock.now();
  }
  thread.isLocked = body.locked ?? thread.isLocked;
  thread.autoArchiveDuration = body.auto_archive_duration ?? thread.autoArchiveDuration;
  announceChannel(world, channel, "updated");
  return ok(channelWire(world, channel));
}

function rename(world: World, channel: Channel, name: string): void {
  if (name === channel.name) return;
  const wait = world.rateLimits.takeRename(channel.id);
  if (wait !== undefined) refuseForNow("rateLimited", wait);
  channel.name = name;
}

/** Archiving is for the thread's owner too; locking is not, nor opening what is locked ("Discord, Threads"). */
function requireRight(
  world: World,
  { channel, thread }: { channel: Channel; thread: ThreadState },
  body: ThreadChange,
): void {
  if (isPermitted(botPermissionsIn(world, channel), permissions.manageThreads)) return;
  const isOwner = thread.ownerId === world.settings.applicationId;
  if (!isOwner || thread.isLocked || typeof body.locked === "boolean") refuse("missingPermissions");
}

export const deleteChannel = defineRoute({
  name: "DELETE /channels/{channel}",
  auth: "bot",
  limit: "other",
  run: (call) => {
    const channel = reachChannel(call.world, param(call, "channel"));
    reachChannel(call.world, channel.id, channel.thread ? "manageThreads" : "manageChannels");
    const body = channelWire(call.world, channel);
    channel.isDeleted = true;
    announceChannel(call.world, channel, "deleted");
    return ok(body);
  },
});

export const putThreadMember = defineRoute({
  name: "PUT /channels/{channel}/thread-members/{user}",
  auth: "bot",
  limit: "other",
  run: (call) => {
    addToThread(call.world, openThread(call), memberId(call));
    return noContent;
  },
});

export const deleteThreadMember = defineRoute({
  name: "DELETE /channels/{channel}/thread-members/{user}",
  auth: "bot",
  limit: "other",
  run: (call) => {
    removeFromThread(call.world, openThread(call), memberId(call));
    return noContent;
  },
});

export const getThreadMembers = defineRoute({
  name: "GET /channels/{channel}/thread-members",
  auth: "bot",
  limit: "other",
  run: (call) => {
    const channel = reachChannel(call.world, param(call, "channel"));
    const memberIds = channel.thread?.memberIds ?? refuse("wrongChannelType");
    return ok(memberIds.map((userId) => threadMemberWire(call.world, channel, userId)));
  },
});

function openThread(call: Call): Channel {
  const channel = reachChannel(call.world, param(call, "channel"));
  if (!channel.thread) refuse("wrongChannelType");
  if (channel.thread.isArchived) refuse("threadArchived");
  return channel;
}

function memberId(call: Call): string {
  const key = param(call, "user");
  const id = key === "@me" ? call.world.settings.applicationId : key;
  return call.world.directory.users.get(id)?.id ?? refuse("unknownMember");
}
