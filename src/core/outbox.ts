import type { PlatformId } from "./member.ts";
import type { Notification } from "./notification.ts";

/**
 * A message to be sent, written in the same transaction as the change it tells of. A `post` makes a new
 * message under `messageKey`, an `edit` changes the message posted under it.
 */
export interface OutboxMessage {
  readonly threadKey: string;
  readonly kind: "post" | "edit";
  /** `root`, `card`, `failure`…: names the message within its thread. */
  readonly messageKey: string;
  /** An unsent message with the same key is superseded by a newer one. */
  readonly coalesceKey?: string;
  readonly notification: Notification;
}

/** A message that a sender has claimed. */
export interface ClaimedMessage extends OutboxMessage {
  readonly id: string;
  /** At most 25 characters (Discord's limit for a nonce); same over all attempts. */
  readonly nonce: string;
  readonly attempts: number;
  readonly thread: ThreadRef;
  /** The platform's ID of the message to edit; null for posts. */
  readonly remoteId: string | null;
  /** True when an earlier attempt may have been delivered: look it up before sending again. */
  readonly doubtful: boolean;
}

/** A conversation about one migration. */
export interface ThreadRef {
  readonly key: string;
  readonly platform: PlatformId;
  readonly workspace: string;
  readonly channel: string;
  /** ID of the message that the thread hangs from; null until it was sent. */
  readonly rootId: string | null;
}
