import type { Pool } from "pg";
import { expect } from "vitest";
import { presentNotification } from "../../../src/chat/present/notification.ts";
import { renderPlain } from "../../../src/chat/render-plain.ts";
import type { Notification } from "../../../src/core/notification.ts";
import { reviveNotification } from "../../../src/store/revive-notification.ts";
import { until } from "../../support/until.ts";
import type { ChatDriver } from "./chat-driver.ts";

interface SentRow {
  readonly thread: string;
  readonly messageKey: string;
  readonly status: "pending" | "sending" | "sent" | "superseded" | "dead";
  readonly kind: "post" | "edit";
  readonly remoteId: string | null;
  readonly error: string | null;
  readonly notification: Notification;
}

const ROWS = `
  SELECT o.thread_key AS thread, o.message_key AS "messageKey", o.status, o.kind, o.remote_id AS "remoteId",
    o.last_error AS error, o.notification
  FROM godwit.chat_outbox o JOIN godwit.threads t ON t.key = o.thread_key
  WHERE t.platform = $1 ORDER BY t.opened_at, t.key, o.sequence`;

/**
 * Compares what stands on a platform with what the outbox says was sent: each message once, in order, none given up,
 * none that the outbox does not know. Waits for what is still on its way.
 */
export async function expectToldOnce(chat: ChatDriver, pool: Pool): Promise<void> {
  const rows = await settled(chat, pool);
  expect(rows.filter(({ status }) => status === "dead").map(describe), "messages given up").toEqual([]);
  const keys = [...new Set(rows.map(({ thread }) => thread))];
  const threads = keys.map((key) => rows.filter(({ thread }) => thread === key));
  const roots = threads.map((sent) => postedIds(sent)[0] ?? "");
  expect(idsOf(chat.messages()).toSorted(), `#databases in ${chat.platform}`).toEqual(roots.toSorted());
  for (const sent of threads) expectThread(chat, sent);
}

function expectThread(chat: ChatDriver, sent: readonly SentRow[]): void {
  const [root = "", ...replies] = postedIds(sent);
  const thread = chat.threadOf(root);
  expect(idsOf(thread.messages()), `a thread in ${chat.platform}:\n${thread.text()}`).toEqual(replies);
  const shown = thread.messages().map((message) => message.text());
  const told = newestOf(sent).slice(1);
  expect(shown.length - new Set(shown).size, `repeated words in:\n${thread.text()}`).toBeLessThanOrEqual(
    told.length - new Set(told).size,
  );
}

async function settled(chat: ChatDriver, pool: Pool): Promise<SentRow[]> {
  const read = async () => (await pool.query<SentRow>(ROWS, [chat.settings.key])).rows;
  await until(
    async () => (await read()).every(({ status }) => status !== "pending" && status !== "sending"),
    {
      what: `every message to be sent to ${chat.platform}`,
      timeoutMs: 90_000,
      everyMs: 100,
    },
  );
  return read();
}

/** IDs of the messages there should be; an edit that had to be posted anew counts as one. */
function postedIds(sent: readonly SentRow[]): string[] {
  const ids = sent.filter(({ status }) => status === "sent").map(({ remoteId }) => remoteId ?? "");
  return [...new Set(ids)];
}

/** The words that each posted message shows at the end, in the order of posting. */
function newestOf(sent: readonly SentRow[]): string[] {
  const newest = new Map<string, SentRow>();
  for (const row of sent) if (row.status === "sent") newest.set(row.remoteId ?? "", row);
  return [...newest.values()].map(({ notification }) =>
    renderPlain(presentNotification(reviveNotification(notification))).join("\n"),
  );
}

function idsOf(messages: readonly { readonly id: string }[]): string[] {
  return messages.map(({ id }) => id);
}

function describe({ thread, messageKey, kind, error }: SentRow): string {
  return `${kind} of ${messageKey} in ${thread}: ${error}`;
}
