import { type REST, Routes } from "discord.js";
import { z } from "zod";
import type { Notification } from "../../core/notification.ts";
import type { ThreadRef } from "../../core/outbox.ts";
import { DeliveryError } from "../../core/ports/chat.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { BoundedMap } from "../bounded-map.ts";
import type { Message } from "../message.ts";
import type { CallKind } from "../outbox/delivering.ts";
import { presentNotification } from "../present/notification.ts";
import type { DiscordConfig } from "./config.ts";
import { CODE, delivering, discordCode, hasCode } from "./errors.ts";
import { markOf, messageBody, type Sent } from "./message-body.ts";
import { createdAt } from "./snowflake.ts";
import { type Spot, Threads } from "./threads.ts";

/** Edits of messages older than an hour have a quota that a card would use up (Discord, error 30046). */
const CARD_MS = 50 * 60_000;
const LOOKED_AT = 100;
const ROOTS = 100;

const created = z.object({ id: z.string() });
const listed = z.array(
  z.object({
    id: z.string(),
    author: z.object({ bot: z.boolean().optional() }),
    components: z.array(z.object({ id: z.number().optional() })).default([]),
  }),
);

interface DeliveryOptions {
  readonly client: REST;
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** Carries notifications into threads. Its client is never the one that answers people. */
export class DiscordDelivery {
  readonly #options: DeliveryOptions;
  readonly #threads: Threads;
  readonly #roots = new BoundedMap<string, ThreadRef>(ROOTS);

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#threads = new Threads(options.client, options.log);
  }

  async post(thread: ThreadRef, notification: Notification, nonce: string): Promise<string> {
    const spot = await this.#threads.spotOf(thread, notification.migration);
    const id = await this.#postWhereItCan(thread, spot, { notification, nonce });
    if (thread.rootId === null) this.#roots.set(notification.migration.id, { ...thread, rootId: id });
    if (isClosing(notification)) await this.#threads.archive(thread);
    return id;
  }

  /** Link to a plan that this process has posted lately. */
  async linkOf(migrationId: string): Promise<string | null> {
    const thread = this.#roots.get(migrationId);
    return thread === undefined ? null : this.link(thread);
  }

  /** An old progress card is posted anew, and the old one goes. */
  async update(
    thread: ThreadRef,
    edited: { readonly id: string; readonly nonce: string },
    notification: Notification,
  ): Promise<string> {
    const age = this.#options.clock.now().getTime() - createdAt(edited.id).getTime();
    if (notification.kind === "progress" && age > CARD_MS)
      return this.#replace(thread, edited.id, notification);
    await this.#edit(thread, edited.id, { notification });
    if (isClosing(notification)) await this.#threads.archive(thread);
    return edited.id;
  }

  /** Its own messages can be read without any privileged intent (Discord, "Gateway", Message Content Intent). */
  async find(thread: ThreadRef, nonce: string): Promise<{ readonly id: string } | "absent" | "unknown"> {
    for (const { channel } of this.#threads.likelySpots(thread)) {
      const found = await this.#findIn(channel, nonce);
      if (found !== "absent") return found;
    }
    return "absent";
  }

  async link(thread: ThreadRef): Promise<string | null> {
    if (thread.rootId === null) return null;
    const guild = thread.workspace || this.#options.config.guildId || (await this.#threads.guildOf(thread));
    return guild === null ? null : `https://discord.com/channels/${guild}/${thread.channel}/${thread.rootId}`;
  }

  async #findIn(channel: string, nonce: string): Promise<{ readonly id: string } | "absent" | "unknown"> {
    try {
      const query = new URLSearchParams({ limit: String(LOOKED_AT) });
      const messages = listed.parse(
        await this.#options.client.get(Routes.channelMessages(channel), { query }),
      );
      const mark = markOf(nonce);
      const found = messages.find(
        ({ author, components }) => author.bot === true && components[0]?.id === mark,
      );
      if (found !== undefined) return { id: found.id };
      return messages.length < LOOKED_AT ? "absent" : "unknown";
    } catch (error) {
      if (hasCode(error, CODE.unknownChannel)) return "absent";
      if (discordCode(error) !== null) return "unknown";
      return delivering("edit", () => Promise.reject(error));
    }
  }

  /**
   * The new card goes by the ID of the old one, in the 25 characters of a nonce: whichever change begins it, the next
   * one finds it and goes on with it.
   */
  async #replace(thread: ThreadRef, oldId: string, notification: Notification): Promise<string> {
    const nonce = `card:${oldId}`;
    const found = await this.find(thread, nonce);
    const isThere = typeof found === "object";
    if (isThere) await this.#edit(thread, found.id, { notification, markedBy: nonce });
    const id = isThere ? found.id : await this.post(thread, notification, nonce);
    await this.#remove(thread, oldId, notification);
    return id;
  }

  /** Tried again later where Discord asks for it, so that no old card stays beside the new one. */
  async #remove(thread: ThreadRef, id: string, notification: Notification): Promise<void> {
    const { client, log } = this.#options;
    try {
      await this.#whereItStands(thread, { id, notification }, (channel) =>
        delivering("edit", () => client.delete(Routes.channelMessage(channel, id))),
      );
    } catch (error) {
      if (!isPermanent(error)) throw error;
      const code = discordCode(causeOf(error));
      log.info({ thread: thread.key, code }, "old progress card not deleted");
    }
  }

  async #edit(thread: ThreadRef, id: string, sent: Sent): Promise<void> {
    const { notification } = sent;
    await this.#whereItStands(thread, { id, notification }, async (channel) => {
      const edit = () => this.#send("edit", Routes.channelMessage(channel, id), sent);
      try {
        await edit();
      } catch (error) {
        if (!hasCode(causeOf(error), CODE.archivedThread)) throw error;
        await this.#threads.reopened(channel, edit);
      }
    });
  }

  /** A message may stand beside its thread, where another process found that closed, or in it, where it came late. */
  async #whereItStands(
    thread: ThreadRef,
    { id, notification }: { readonly id: string; readonly notification: Notification },
    work: (channel: string) => Promise<unknown>,
  ): Promise<void> {
    const { channel, rootId } = thread;
    if (rootId === null || rootId === id) return void (await work(channel));
    const spot = await this.#threads.spotOf(thread, notification.migration);
    try {
      await work(spot.channel);
    } catch (error) {
      if (!hasCode(causeOf(error), CODE.unknownMessage, CODE.unknownChannel)) throw error;
      await work(spot.isThread ? channel : rootId);
    }
  }

  /** News must reach people also where somebody has deleted or closed the thread: then the channel takes it. */
  async #postWhereItCan(thread: ThreadRef, spot: Spot, told: Posted): Promise<string> {
    const post = (where: Spot) =>
      this.#send("post", Routes.channelMessages(where.channel), { ...told, replyTo: where.replyTo });
    try {
      return await post(spot);
    } catch (error) {
      if (!spot.isThread || !hasCode(causeOf(error), ...CLOSED_TO_US)) throw error;
      this.#options.log.warn(
        { thread: thread.key, code: discordCode(causeOf(error)) },
        "thread is closed to us",
      );
      return post(this.#threads.leave(thread));
    }
  }

  /** Where files are not allowed, the message goes without: nothing in them is needed to act. */
  async #send(call: CallKind, route: `/${string}`, sent: Sent): Promise<string> {
    const message = presentNotification(sent.notification);
    try {
      return await this.#call(call, route, { ...sent, message });
    } catch (error) {
      const { attachment, ...bare } = message;
      if (attachment === undefined || !hasCode(causeOf(error), CODE.missingPermissions)) throw error;
      const id = await this.#call(call, route, { ...sent, message: bare });
      this.#options.log.warn({ file: attachment.name }, "sent without its file: not allowed to attach any");
      return id;
    }
  }

  #call(call: CallKind, route: `/${string}`, sent: Sent & { readonly message: Message }): Promise<string> {
    const { client } = this.#options;
    const { attachment } = sent.message;
    const files = attachment && [
      { name: attachment.name, data: attachment.text, contentType: "text/markdown" },
    ];
    const body = messageBody(call, sent, this.#options.config.support);
    return delivering(call, async () => {
      const answer =
        call === "post" ? client.post(route, { body, files }) : client.patch(route, { body, files });
      return created.parse(await answer).id;
    });
  }
}

interface Posted {
  readonly notification: Notification;
  readonly nonce: string;
}

/** A thread that is gone, or where Godwit may not write any more. */
const CLOSED_TO_US = [
  CODE.unknownChannel,
  CODE.lockedThread,
  CODE.archivedThread,
  CODE.missingAccess,
  CODE.missingPermissions,
] as const;

/** Whether a thread is over with this; not while an application waits for somebody to have it deployed anew. */
function isClosing(news: Notification): boolean {
  if (news.kind === "succeeded")
    return news.applications.every(({ redeployment }) => redeployment === undefined);
  return news.kind === "retired";
}

function isPermanent(error: unknown): boolean {
  return error instanceof DeliveryError && error.problem.kind === "permanent";
}

function causeOf(error: unknown): unknown {
  return error instanceof DeliveryError ? error.cause : error;
}
