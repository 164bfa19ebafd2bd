import type { Snapshot } from "../../../../slack/index.ts";
import { type Row, toRows } from "../../store/rows.ts";

export type Shown = Snapshot["messages"][number] | Snapshot["ephemerals"][number];

/** The footer of a message that has replies. */
export interface ThreadSummary {
  readonly replyCount: number;
  readonly lastTs: string;
  /** At most four people, newest repliers last. */
  readonly userIds: readonly string[];
}

const followUpSeconds = 5 * 60;
const facesShown = 4;

/** What a person sees in a channel: its messages, replies sent to the channel too, and their own ephemeral ones. */
export function channelMessages(slack: Snapshot, channelId: string, userId: string): Shown[] {
  const open = slack.messages.filter(
    (message) => message.channelId === channelId && (message.threadTs === undefined || message.isBroadcast),
  );
  return inOrder([...open, ...ephemeralFor(slack, { channelId, userId, threadTs: undefined })]);
}

/** The message a thread began with, then its replies. */
export function threadMessages(
  slack: Snapshot,
  thread: { readonly channelId: string; readonly ts: string },
  userId: string,
): Shown[] {
  const { channelId, ts } = thread;
  const open = slack.messages.filter(
    (message) => message.channelId === channelId && (message.ts === ts || message.threadTs === ts),
  );
  return inOrder([...open, ...ephemeralFor(slack, { channelId, userId, threadTs: ts })]);
}

/** Replies by the timestamp of the message their thread began with, for one channel. */
export function threadSummaries(slack: Snapshot, channelId: string): ReadonlyMap<string, ThreadSummary> {
  const summaries = new Map<string, ThreadSummary>();
  for (const { channelId: where, threadTs, ts, userId } of slack.messages) {
    if (where !== channelId || threadTs === undefined) continue;
    const before = summaries.get(threadTs);
    const others = before?.userIds.filter((id) => id !== userId) ?? [];
    summaries.set(threadTs, {
      replyCount: (before?.replyCount ?? 0) + 1,
      lastTs: ts,
      userIds: [...others, userId].slice(-facesShown),
    });
  }
  return summaries;
}

export function slackRows(messages: readonly Shown[]): Row<Shown>[] {
  return toRows(messages, {
    followUpSeconds,
    factsOf: (message) => {
      const standsAlone = message.isBroadcast || "ephemeralFor" in message;
      return {
        date: dateOf(message.ts),
        authorId: message.userId,
        beginsGroup: standsAlone,
        endsGroup: standsAlone,
      };
    },
  });
}

export function dateOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

function ephemeralFor(
  slack: Snapshot,
  wanted: { channelId: string; userId: string; threadTs: string | undefined },
): Shown[] {
  return slack.ephemerals.filter(
    (message) =>
      message.channelId === wanted.channelId &&
      message.ephemeralFor === wanted.userId &&
      message.threadTs === wanted.threadTs,
  );
}

function inOrder(messages: Shown[]): Shown[] {
  return messages.sort((left, right) => (left.ts < right.ts ? -1 : 1));
}
