import type { PoolClient } from "pg";
import type { PlatformId } from "../core/member.ts";
import type { OutboxMessage } from "../core/outbox.ts";

interface NewThread {
  readonly key: string;
  readonly platform: PlatformId;
  readonly workspace: string;
  readonly channel: string;
  /** The thread that this one follows: what is sent there is sent here too. */
  readonly mirrorOf?: string;
}

/** Writes that concern conversations: threads, messages on their way out, actions that came in. */
export function chatWrites(client: PoolClient) {
  return {
    async openThread(thread: NewThread): Promise<void> {
      await client.query(
        `INSERT INTO godwit.threads (key, platform, workspace, channel, mirror_of) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key) DO NOTHING`,
        [thread.key, thread.platform, thread.workspace, thread.channel, thread.mirrorOf ?? null],
      );
    },
    send: (message: OutboxMessage) => send(client, message),
    async receive(platform: PlatformId, deliveryId: string): Promise<boolean> {
      const { rowCount } = await client.query(
        "INSERT INTO godwit.inbox (platform, delivery_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [platform, deliveryId],
      );
      return rowCount === 1;
    },
  };
}

/** Writes a message into its thread and into each mirror of it, in the order of each. */
async function send(client: PoolClient, message: OutboxMessage): Promise<void> {
  if (message.coalesceKey) {
    await client.query(
      `UPDATE godwit.chat_outbox o SET status = 'superseded'
       FROM godwit.threads t WHERE (t.key = $1 OR t.mirror_of = $1)
         AND o.thread_key = t.key AND o.coalesce_key = $2 AND o.kind = 'edit' AND o.status = 'pending'
         AND o.sequence > coalesce((SELECT max(p.sequence) FROM godwit.chat_outbox p
           WHERE p.thread_key = t.key AND p.message_key = $3 AND p.kind = 'post'), 0)`,
      [message.threadKey, message.coalesceKey, message.messageKey],
    );
  }
  await client.query(
    `WITH followed AS MATERIALIZED (SELECT key FROM godwit.threads WHERE key = $1 FOR UPDATE),
     told AS (
       UPDATE godwit.threads t SET next_sequence = t.next_sequence + 1 FROM followed
       WHERE t.key = followed.key OR t.mirror_of = followed.key
       RETURNING t.key, t.next_sequence - 1 AS sequence
     )
     INSERT INTO godwit.chat_outbox (thread_key, sequence, nonce, kind, message_key, coalesce_key, notification)
     SELECT key, sequence, left(replace(gen_random_uuid()::text, '-', ''), 24), $2, $3, $4, $5 FROM told`,
    [
      message.threadKey,
      message.kind,
      message.messageKey,
      message.coalesceKey ?? null,
      JSON.stringify(message.notification),
    ],
  );
}
