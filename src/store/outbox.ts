import type { Pool } from "pg";
import type { PlatformId } from "../core/member.ts";
import type { Notification } from "../core/notification.ts";
import type { ClaimedMessage } from "../core/outbox.ts";
import { reviveNotification } from "./revive-notification.ts";

interface ClaimRow {
  id: string;
  thread_key: string;
  kind: "post" | "edit";
  message_key: string;
  notification: Notification;
  nonce: string;
  attempts: number;
  doubtful: boolean;
  platform: PlatformId;
  workspace: string;
  channel: string;
  root_id: string | null;
  posted_id: string | null;
}

/**
 * Claims the head of some thread: its oldest unsent message, never a later one, so that order holds. A
 * claim that ran out was perhaps delivered, so its message comes back as doubtful.
 */
const CLAIM = `
  WITH head AS (
    SELECT DISTINCT ON (o.thread_key) o.id FROM godwit.chat_outbox o
    JOIN godwit.threads t ON t.key = o.thread_key
    WHERE o.status IN ('pending', 'sending') AND t.platform = ANY ($3)
    ORDER BY o.thread_key, o.sequence
  ), chosen AS (
    SELECT o.id, o.status FROM godwit.chat_outbox o JOIN head USING (id)
    WHERE (o.status = 'pending' AND o.next_at <= clock_timestamp())
       OR (o.status = 'sending' AND o.claim_until < clock_timestamp())
    ORDER BY o.next_at LIMIT 1 FOR UPDATE OF o SKIP LOCKED
  )
  UPDATE godwit.chat_outbox o
  SET status = 'sending', attempts = o.attempts + 1, claimed_by = $1,
      claim_until = clock_timestamp() + $2 * interval '1 ms',
      doubtful = o.doubtful OR chosen.status = 'sending'
  FROM chosen, godwit.threads t
  WHERE o.id = chosen.id AND t.key = o.thread_key
  RETURNING o.id, o.thread_key, o.kind, o.message_key, o.notification, o.nonce, o.attempts, o.doubtful,
    t.platform, t.workspace, t.channel, t.root_id,
    (SELECT p.remote_id FROM godwit.chat_outbox p
     WHERE p.thread_key = o.thread_key AND p.message_key = o.message_key AND p.sequence < o.sequence
       AND (p.kind = 'post' OR p.status = 'sent')
     ORDER BY p.sequence DESC LIMIT 1) AS posted_id`;

interface Claim {
  readonly owner: string;
  readonly ttlMs: number;
  readonly platforms: readonly PlatformId[];
}

/** Claims the next message to send; undefined when there is none that may be sent now. */
export async function claimMessage(pool: Pool, claim: Claim): Promise<ClaimedMessage | undefined> {
  const { rows } = await pool.query<ClaimRow>(CLAIM, [claim.owner, claim.ttlMs, claim.platforms]);
  return rows[0] && claimedOf(rows[0]);
}

function claimedOf(row: ClaimRow): ClaimedMessage {
  return {
    id: row.id,
    threadKey: row.thread_key,
    kind: row.kind,
    messageKey: row.message_key,
    notification: reviveNotification(row.notification),
    nonce: row.nonce,
    attempts: row.attempts,
    doubtful: row.doubtful,
    remoteId: row.kind === "edit" ? row.posted_id : null,
    thread: {
      key: row.thread_key,
      platform: row.platform,
      workspace: row.workspace,
      channel: row.channel,
      rootId: row.root_id,
    },
  };
}

/** Records a delivery; the first message of a thread becomes the one that the thread hangs from. */
export async function markSent(pool: Pool, message: ClaimedMessage, remoteId: string): Promise<void> {
  await pool.query(
    `WITH sent AS (
       UPDATE godwit.chat_outbox SET status = 'sent', sent_at = clock_timestamp(), remote_id = $2, last_error = NULL
       WHERE id = $1 AND status = 'sending' RETURNING thread_key, message_key, kind
     )
     UPDATE godwit.threads t SET root_id = $2 FROM sent
     WHERE t.key = sent.thread_key AND sent.kind = 'post' AND t.root_id IS NULL`,
    [message.id, remoteId],
  );
}

interface Retry {
  readonly delayMs: number;
  readonly doubtful: boolean;
  readonly error: string;
}

/** Puts a message back to be sent later, unless a newer claim has it. */
export async function markRetry(pool: Pool, message: ClaimedMessage, retry: Retry): Promise<void> {
  await pool.query(
    `UPDATE godwit.chat_outbox SET status = 'pending', next_at = clock_timestamp() + $2 * interval '1 ms',
       doubtful = $3, last_error = $4, claimed_by = NULL, claim_until = NULL
     WHERE id = $1 AND status = 'sending' AND attempts = $5`,
    [message.id, retry.delayMs, retry.doubtful, retry.error, message.attempts],
  );
}

/** Gives a message up, unless a newer claim has it. */
export async function markDead(pool: Pool, message: ClaimedMessage, error: string): Promise<void> {
  await pool.query(
    `UPDATE godwit.chat_outbox SET status = 'dead', last_error = $2
     WHERE id = $1 AND status = 'sending' AND attempts = $3`,
    [message.id, error, message.attempts],
  );
}

/** How the first message of a thread fared. */
export async function rootMessage(
  pool: Pool,
  threadKey: string,
): Promise<{ status: string; error: string | null } | undefined> {
  const { rows } = await pool.query<{ status: string; error: string | null }>(
    "SELECT status, last_error AS error FROM godwit.chat_outbox WHERE thread_key = $1 ORDER BY sequence LIMIT 1",
    [threadKey],
  );
  return rows[0];
}

/** Age of the oldest unsent message in milliseconds; 0 when all are sent. */
export async function oldestUnsentMs(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM clock_timestamp() - min(created_at)) * 1000)::float8 AS ms
     FROM godwit.chat_outbox WHERE status IN ('pending', 'sending')`,
  );
  return rows[0]?.ms ?? 0;
}
