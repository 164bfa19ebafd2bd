import { randomBytes } from "node:crypto";
import type { PoolClient } from "pg";
import type { PlatformId } from "../core/member.ts";
import type { OutboxMessage } from "../core/outbox.ts";

interface NewThread {
  readonly key: string;
  readonly platform: PlatformId;
  readonly workspace: string;
  readonly channel: string;
}

/** Writes that concern conversations: threads, messages on their way out, actions that came in. */
export function chatWrites(client: PoolClient) {
  return {
    async openThread(thread: NewThread): Promise<void> {
      await client.query(
        `INSERT INTO godwit.threads (key, platform, workspace, channel) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO NOTHING`,
        [thread.key, thread.platform, thread.workspace, thread.channel],
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

async function send(client: PoolClient, message: OutboxMessage): Promise<void> {
  if (message.coalesceKey) {
    await client.query(
      `UPDATE godwit.chat_outbox SET status = 'superseded'
       WHERE thread_key = $1 AND coalesce_key = $2 AND kind = 'edit' AND status = 'pending'
         AND sequence > coalesce((SELECT max(sequence) FROM godwit.chat_outbox
           WHERE thread_key = $1 AND message_key = $3 AND kind = 'post'), 0)`,
      [message.threadKey, message.coalesceKey, message.messageKey],
    );
  }
  await client.query(
    `WITH thread AS (
       UPDATE godwit.threads SET next_sequence = next_sequence + 1 WHERE key = $1 RETURNING next_sequence - 1 AS sequence
     )
     INSERT INTO godwit.chat_outbox (thread_key, sequence, nonce, kind, message_key, coalesce_key, notification)
     SELECT $1, sequence, $2, $3, $4, $5, $6 FROM thread`,
    [
      message.threadKey,
      randomBytes(12).toString("hex"),
      message.kind,
      message.messageKey,
      message.coalesceKey ?? null,
      JSON.stringify(message.notification),
    ],
  );
}
