import type { Snapshot } from "../../../../slack/index.ts";
import { countMentions, lastRead, placeKey, type Reads, type Unread } from "../../store/reads.ts";

type Message = Snapshot["messages"][number];

export function placeOfMessage(
  slack: Snapshot,
  { channelId, ts }: { readonly channelId: string; readonly ts: string },
): Message | undefined {
  return slack.messages.find((message) => message.channelId === channelId && message.ts === ts);
}

export function unreadOf(slack: Snapshot, reads: Reads, userId: string): Unread {
  const calls = slack.notifications.filter((call) => {
    const message = call.userId === userId ? placeOfMessage(slack, call) : undefined;
    return message !== undefined && !isRead(reads, userId, message);
  });
  const unread = slack.messages.filter(
    (message) =>
      message.threadTs === undefined && message.userId !== userId && !isRead(reads, userId, message),
  );
  const mine = new Set(slack.channels.filter(({ members }) => members.includes(userId)).map(({ id }) => id));
  const channels = new Set(unread.map(({ channelId }) => channelId).filter((id) => mine.has(id)));
  return { ...countMentions(calls.map(({ channelId }) => channelId)), channels };
}

/** Whether one thread has replies that the person did not see. */
export function isThreadUnread(
  reads: Reads,
  userId: string,
  thread: { readonly channelId: string; readonly ts: string; readonly lastTs: string },
): boolean {
  return lastRead(reads, userId, placeKey(thread.channelId, thread.ts)) < thread.lastTs;
}

function isRead(reads: Reads, userId: string, message: Message): boolean {
  return lastRead(reads, userId, placeKey(message.channelId, message.threadTs)) >= message.ts;
}
