/** The id of the newest message that a person read in a place. Ids of both platforms rise in the order of strings. */
export type Reads = Readonly<Record<string, string>>;

/** Where a message is read: in its channel, or in its thread. */
export function placeKey(channelId: string, threadId?: string): string {
  return threadId === undefined ? channelId : `${channelId}/${threadId}`;
}

export function readKey(userId: string, place: string): string {
  return `${userId} ${place}`;
}

/** Nothing read yet is the empty string. */
export function lastRead(reads: Reads, userId: string, place: string): string {
  return reads[readKey(userId, place)] ?? "";
}

/** What waits for a person. */
export interface Unread {
  /** Unread calls of the person's name or group, by channel id. */
  readonly mentions: Readonly<Record<string, number>>;
  readonly mentionCount: number;
  /** Channels with messages of others that were not read; replies do not count. */
  readonly channels: ReadonlySet<string>;
}

export function countMentions(channelIds: readonly string[]): Pick<Unread, "mentions" | "mentionCount"> {
  const mentions: Record<string, number> = {};
  for (const id of channelIds) mentions[id] = (mentions[id] ?? 0) + 1;
  return { mentions, mentionCount: channelIds.length };
}
