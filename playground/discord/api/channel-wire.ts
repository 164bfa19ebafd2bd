import type { Channel, ChannelKind, Json, ThreadState } from "../model.ts";
import type { World } from "../world.ts";
import { userWire } from "./person-wire.ts";

/** "Discord, Channel Types". */
const channelTypes: Record<ChannelKind, number> = {
  text: 0,
  dm: 1,
  voice: 2,
  announcement: 5,
  thread: 11,
  "private-thread": 12,
  forum: 15,
};

/** Discord stops counting a thread's messages and members here ("Discord, Threads"). */
const countedMembers = 50;

/** A channel or thread in the shape Discord sends ("Discord, Channel Object"). */
export function channelWire(world: World, channel: Channel): Json {
  if (channel.kind === "dm") return directChannelWire(world, channel);
  const shared = {
    id: channel.id,
    type: channelTypes[channel.kind],
    guild_id: world.settings.guildId,
    name: channel.name,
    last_message_id: world.messages.inChannel(channel.id).at(-1)?.id ?? null,
    rate_limit_per_user: 0,
    flags: 0,
  };
  if (channel.thread) {
    return { ...shared, parent_id: channel.parentId, ...threadFields(world, channel, channel.thread) };
  }
  return {
    ...shared,
    parent_id: null,
    position: 0,
    permission_overwrites: [],
    topic: null,
    nsfw: false,
    last_pin_timestamp: null,
  };
}

function threadFields(world: World, channel: Channel, thread: ThreadState): Json {
  const joined = thread.memberIds.includes(world.settings.applicationId);
  return {
    owner_id: thread.ownerId,
    message_count: thread.messageCount,
    total_message_sent: thread.messageCount,
    member_count: Math.min(thread.memberIds.length, countedMembers),
    thread_metadata: {
      archived: thread.isArchived,
      auto_archive_duration: thread.autoArchiveDuration,
      archive_timestamp: new Date(thread.archiveChangedAtMs).toISOString(),
      locked: thread.isLocked,
      create_timestamp: new Date(channel.createdAtMs).toISOString(),
    },
    ...(joined ? { member: threadMemberWire(world, channel, world.settings.applicationId) } : {}),
  };
}

/** "Discord, Thread Member Object". */
export function threadMemberWire(world: World, channel: Channel, userId: string): Json {
  return {
    id: channel.id,
    user_id: userId,
    join_timestamp: new Date(channel.createdAtMs).toISOString(),
    flags: userId === world.settings.applicationId ? 1 : 0,
  };
}

function directChannelWire(world: World, channel: Channel): Json {
  const people = world.directory.membersOf(channel).map((id) => userWire(world.directory.findUser(id)));
  return { id: channel.id, type: channelTypes.dm, last_message_id: null, flags: 0, recipients: people };
}
