import type { Snapshot } from "../../../slack/index.ts";

type Message = Snapshot["messages"][number];

/** Where a message is read: in its channel, or in its thread. */
export function placeKey(channelId: string, threadTs?: string): string {
  return threadTs === undefined ? channelId : `${channelId}/${threadTs}`;
}

export function readKey(userId: string, place: string): string {
  return `${userId} ${place}`;
}

export function placeOfMessage(
  slack: Snapshot,
  { channelId, ts }: { readonly channelId: string; readonly ts: string },
): Message | undefined {
  return slack.messages.find((message) => message.channelId === channelId && message.ts === ts);
}

/** What waits for a person. */
export interface Unread {
  /** Unread calls of the person's name or group, by channel id. */
  readonly mentions: Readonly<Record<string, number>>;
  readonly mentionCount: number;
  /** Channels with messages of others that were not read; replies do not count, as in Slack. */
  readonly channels: ReadonlySet<string>;
}

export type Reads = Readonly<Record<string, string>>;

export function unreadOf(slack: Snapshot, reads: Reads, userId: string): Unread {
  const mentions: Record<string, number> = {};
  let mentionCount = 0;
  for (const call of slack.notifications) {
    const message = call.userId === userId ? placeOfMessage(slack, call) : undefined;
    if (!message || isRead(reads, userId, message)) continue;
    mentions[call.channelId] = (mentions[call.channelId] ?? 0) + 1;
    mentionCount += 1;
  }
  const unread = slack.messages.filter(
    (message) =>
      message.threadTs === undefined && message.userId !== userId && !isRead(reads, userId, message),
  );
  const mine = new Set(slack.channels.filter(({ members }) => members.includes(userId)).map(({ id }) => id));
  const channels = new Set(unread.map(({ channelId }) => channelId).filter((id) => mine.has(id)));
  return { mentions, mentionCount, channels };
}

/** Whether one thread has replies that the person did not see. */
export function isThreadUnread(
  reads: Reads,
  userId: string,
  thread: { readonly channelId: string; readonly ts: string; readonly lastTs: string },
): boolean {
  return (reads[readKey(userId, placeKey(thread.channelId, thread.ts))] ?? "") < thread.lastTs;
}

function isRead(reads: Reads, userId: string, message: Message): boolean {
  const place = placeKey(message.channelId, message.threadTs);
  return (reads[readKey(userId, place)] ?? "") >= message.ts;
}
