import { type REST, Routes, ThreadAutoArchiveDuration } from "discord.js";
import { z } from "zod";
import type { Migration } from "../../core/migration.ts";
import type { ThreadRef } from "../../core/outbox.ts";
import type { Log } from "../../core/ports/log.ts";
import { BoundedMap } from "../bounded-map.ts";
import { threadTitle } from "../present/wording.ts";
import { CODE, delivering, discordCode, hasCode } from "./errors.ts";

const REMEMBERED = 1_000;
/** Where a thread cannot be begun: inside another one, in a voice channel, without the right, with the root deleted… */
const NO_THREAD_HERE = [
  CODE.wrongChannelType,
  CODE.notInDirectMessages,
  CODE.tooManyThreads,
  CODE.tooManyAnnouncementThreads,
  CODE.unknownMessage,
  CODE.missingAccess,
  CODE.missingPermissions,
] as const;

/** Where the messages of a conversation go. */
export interface Spot {
  readonly channel: string;
  readonly isThread: boolean;
  /** The message that they answer, where there is no thread. */
  readonly replyTo?: string;
}

/** Begins threads and remembers where there is none. A thread's ID is that of the message it hangs from. */
export class Threads {
  readonly #client: REST;
  readonly #log: Log;
  readonly #spots = new BoundedMap<string, Spot>(REMEMBERED);

  constructor(client: REST, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** Beginning a thread twice is told apart by Discord, so this can be repeated. */
  async spotOf(thread: ThreadRef, migration: Migration): Promise<Spot> {
    if (thread.rootId === null) return { channel: thread.channel, isThread: false };
    const known = this.#spots.get(keyOf(thread));
    if (known !== undefined) return known;
    const spot = await this.#begin(thread, { id: thread.rootId, name: threadTitle(migration) });
    this.#spots.set(keyOf(thread), spot);
    return spot;
  }

  /** From now on the channel takes what the thread does not. */
  leave(thread: ThreadRef): Spot {
    const spot = beside(thread);
    this.#spots.set(keyOf(thread), spot);
    return spot;
  }

  /** Where messages were put, as far as it is known or likely; begins nothing. */
  likelySpots(thread: ThreadRef): readonly Spot[] {
    const known = this.#spots.get(keyOf(thread));
    if (known !== undefined) return [known];
    const own = { channel: thread.channel, isThread: false };
    return thread.rootId === null ? [own] : [{ channel: thread.rootId, isThread: true }, own];
  }

  /** Closes a thread that is over; where there is none, nothing happens. */
  async archive(thread: ThreadRef): Promise<void> {
    const spot = this.#spots.get(keyOf(thread));
    if (spot?.isThread === true) await this.#archive(spot.channel);
  }

  /** Does something that an archived thread refuses, and archives it again. */
  async reopened(channel: string, work: () => Promise<unknown>): Promise<void> {
    await delivering("edit", () =>
      this.#client.patch(Routes.channel(channel), { body: { archived: false } }),
    );
    await work();
    await this.#archive(channel);
  }

  /** The server of a thread's channel; null when it cannot be found out. */
  async guildOf(thread: ThreadRef): Promise<string | null> {
    try {
      return (
        z
          .object({ guild_id: z.string().optional() })
          .parse(await this.#client.get(Routes.channel(thread.channel))).guild_id ?? null
      );
    } catch (error) {
      this.#log.debug({ thread: thread.key, code: discordCode(error) }, "no link to a thread");
      return null;
    }
  }

  /** One request: in an archived thread nothing but its archiving can be changed. */
  async #archive(channel: string): Promise<void> {
    try {
      await this.#client.patch(Routes.channel(channel), { body: { archived: true } });
    } catch (error) {
      this.#log.info({ channel, code: discordCode(error) }, "thread not archived");
    }
  }

  #begin(thread: ThreadRef, root: { readonly id: string; readonly name: string }): Promise<Spot> {
    const body = { name: root.name, auto_archive_duration: ThreadAutoArchiveDuration.OneWeek };
    return delivering("edit", async () => {
      try {
        await this.#client.post(Routes.threads(thread.channel, root.id), { body });
      } catch (error) {
        if (hasCode(error, ...NO_THREAD_HERE)) {
          this.#log.info(
            { thread: thread.key, code: discordCode(error) },
            "no thread here, answering in the channel",
          );
          return beside(thread);
        }
        if (!hasCode(error, CODE.threadExists)) throw error;
      }
      return { channel: root.id, isThread: true };
    });
  }
}

function beside({ channel, rootId }: ThreadRef): Spot {
  return { channel, isThread: false, ...(rootId === null ? {} : { replyTo: rootId }) };
}

function keyOf({ key, rootId }: ThreadRef): string {
  return `${key} ${rootId}`;
}
