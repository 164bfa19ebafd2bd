import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Notification } from "../../core/notification.ts";
import type { ThreadRef } from "../../core/outbox.ts";
import type { Log } from "../../core/ports/log.ts";
import { BoundedMap } from "../bounded-map.ts";
import type { Message } from "../message.ts";
import type { CallKind } from "../outbox/delivering.ts";
import { presentNotification } from "../present/notification.ts";
import type { SlackConfig } from "./config.ts";
import { delivering, slackCode } from "./errors.ts";
import { renderMessage, renderMrkdwn, type SlackMessage } from "./render.ts";

const NONCE_EVENT = "godwit_message";
const NONCE = z.object({
  event_type: z.literal(NONCE_EVENT),
  event_payload: z.object({ nonce: z.string() }),
});
/** Slack's answers that a simpler form of the same message may avoid. */
const BLOCK_PROBLEMS = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
]);
/** Found nothing is only an answer when the newest messages were really read. */
const LOOKED_AT = 100;
const ROOTS = 100;

interface DeliveryOptions {
  readonly client: WebClient;
  readonly config: SlackConfig;
  readonly log: Log;
}

/** Carries notifications into threads. Its client is never the one that answers people. */
export class SlackDelivery {
  readonly #options: DeliveryOptions;
  readonly #roots = new BoundedMap<string, ThreadRef>(ROOTS);
  #richProgress = true;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async post(thread: ThreadRef, notification: Notification, nonce: string): Promise<string> {
    const { client } = this.#options;
    const metadata = { event_type: NONCE_EVENT, event_payload: { nonce } };
    const id = await this.#inSomeForm("post", notification, async ({ text, blocks }) => {
      const place = {
        channel: thread.channel,
        ...(thread.rootId === null ? {} : { thread_ts: thread.rootId }),
      };
      const quiet = { unfurl_links: false, unfurl_media: false };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
      const { ts } = await client.chat.postMessage({ ...place, ...quiet, text, blocks, metadata });
      return ts ?? "";
    });
    if (thread.rootId === null) this.#roots.set(notification.migration.id, { ...thread, rootId: id });
    return id;
  }

  /** Link to a plan that this process has posted lately. */
  async linkOf(migrationId: string): Promise<string | null> {
    const thread = this.#roots.get(migrationId);
    return thread === undefined ? null : this.link(thread);
  }

  /** Sends text and blocks both: `chat.update` with text alone removes the blocks (Slack, "chat.update"). */
  async update(thread: ThreadRef, messageId: string, notification: Notification): Promise<string> {
    const { client } = this.#options;
    await this.#inSomeForm("edit", notification, ({ text, blocks }) =>
      client.chat.update({ channel: thread.channel, ts: messageId, text, blocks }),
    );
    return messageId;
  }

  /** Needs a history scope, which Godwit does not ask for: without it the answer is `unknown`. */
  async find(thread: ThreadRef, nonce: string): Promise<{ readonly id: string } | "absent" | "unknown"> {
    try {
      const messages = await this.#newest(thread);
      const found = messages.find(({ metadata }) => nonceOf(metadata) === nonce);
      if (found?.ts !== undefined) return { id: found.ts };
      return messages.length < LOOKED_AT ? "absent" : "unknown";
    } catch (error) {
      if (slackCode(error) !== null) return "unknown";
      return delivering("edit", () => Promise.reject(error));
    }
  }

  async link(thread: ThreadRef): Promise<string | null> {
    if (thread.rootId === null) return null;
    try {
      const place = { channel: thread.channel, message_ts: thread.rootId };
      return (await this.#options.client.chat.getPermalink(place)).permalink ?? null;
    } catch (error) {
      this.#options.log.debug({ thread: thread.key, code: slackCode(error) }, "no link to a thread");
      return null;
    }
  }

  async #newest(thread: ThreadRef) {
    const { conversations } = this.#options.client;
    const args = { channel: thread.channel, include_all_metadata: true, limit: LOOKED_AT };
    const page =
      thread.rootId === null
        ? conversations.history(args)
        : conversations.replies({ ...args, ts: thread.rootId });
    return (await page).messages ?? [];
  }

  /** Tries the richest form first; where Slack refuses its blocks, a plainer one carries the same words. */
  async #inSomeForm<T>(
    call: CallKind,
    notification: Notification,
    send: (message: SlackMessage) => Promise<T>,
  ): Promise<T> {
    const message = presentNotification(notification);
    const forms = this.#formsOf(message);
    for (const [index, form] of forms.entries()) {
      try {
        return await delivering(call, () => send(form()));
      } catch (error) {
        const code = slackCode(error instanceof Error ? error.cause : error);
        if (index === forms.length - 1 || !BLOCK_PROBLEMS.has(code ?? "")) throw error;
        this.#options.log.warn(
          { code, notification: notification.kind },
          "slack refused blocks, sending a plainer form",
        );
        if (index === 0 && hasSteps(message)) this.#richProgress = false;
      }
    }
    throw new Error("delivering a message: no form is left");
  }

  #formsOf(message: Message): readonly (() => SlackMessage)[] {
    const { support } = this.#options.config;
    const plainer = [
      () => renderMessage(message, { support, richProgress: false }),
      () => ({ text: renderMrkdwn(message, support), blocks: [] }),
    ];
    if (!this.#richProgress || !hasSteps(message)) return plainer;
    return [() => renderMessage(message, { support, richProgress: true }), ...plainer];
  }
}

function hasSteps(message: Message): boolean {
  return message.parts.some((part) => part.kind === "steps");
}

function nonceOf(metadata: unknown): unknown {
  const parsed = NONCE.safeParse(metadata);
  return parsed.success ? parsed.data.event_payload.nonce : null;
}
