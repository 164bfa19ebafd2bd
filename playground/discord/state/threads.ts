import type { Channel, Message } from "../model.ts";
import type { World } from "../world.ts";
import { announceChannel } from "./change-channel.ts";

export interface NewThread {
  readonly parent: Channel;
  readonly name: string;
  /** Minutes. */
  readonly autoArchiveDuration: number;
  readonly kind: "thread" | "private-thread";
  readonly starter: Message | null;
}

/** Starts a thread; one that starts from a message has its id ("Discord, Start Thread from Message"). */
export function startThread(world: World, made: NewThread): Channel {
  const nowMs = world.clock.now();
  const channel: Channel = {
    id: made.starter?.id ?? world.ids.next(),
    name: made.name,
    kind: made.kind,
    parentId: made.parent.id,
    members: "everyone",
    hasBot: true,
    botPermissions: null,
    createdAtMs: nowMs,
    isDeleted: false,
    thread: {
      ownerId: world.settings.applicationId,
      starterMessageId: made.starter?.id ?? null,
      isArchived: false,
      isLocked: false,
      autoArchiveDuration: made.autoArchiveDuration,
      archiveChangedAtMs: nowMs,
      messageCount: 0,
      memberIds: [world.settings.applicationId],
    },
  };
  world.directory.channels.set(channel.id, channel);
  if (made.starter) {
    made.starter.threadId = channel.id;
    world.messages.touch(made.starter);
  }
  announceChannel(world, channel, "created");
  return channel;
}

/** Counts a new message, and opens the thread again when it was archived ("Discord, Threads"). */
export function countInThread(world: World, channel: Channel): void {
  const { thread } = channel;
  if (!thread) return;
  thread.messageCount += 1;
  if (thread.isArchived) setArchived(world, channel, false);
}

export function setArchived(world: World, channel: Channel, isArchived: boolean): void {
  const { thread } = channel;
  if (!thread || thread.isArchived === isArchived) return;
  thread.isArchived = isArchived;
  thread.archiveChangedAtMs = world.clock.now();
  announceChannel(world, channel, "updated");
}

export function addToThread(world: World, channel: Channel, userId: string): void {
  const { thread } = channel;
  if (!thread || thread.memberIds.includes(userId)) return;
  thread.memberIds.push(userId);
  world.feed.emit({ kind: "channel-updated", channel });
}

export function removeFromThread(world: World, channel: Channel, userId: string): void {
  const { thread } = channel;
  if (!thread) return;
  thread.memberIds = thread.memberIds.filter((id) => id !== userId);
  world.feed.emit({ kind: "channel-updated", channel });
}
