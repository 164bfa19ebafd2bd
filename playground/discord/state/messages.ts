import type { Clock } from "../../local/clock.ts";
import { assignIds } from "../components/assign-ids.ts";
import type { Component } from "../components/component.ts";
import type { Feed } from "../feed.ts";
import type { Ids } from "../ids.ts";
import type { Attachment, EphemeralMessage, InteractionReference, Json, Message } from "../model.ts";

export interface NewMessage {
  readonly channelId: string;
  readonly authorId: string;
  readonly content?: string;
  readonly components?: readonly Component[];
  readonly attachments?: readonly Attachment[];
  readonly embeds?: readonly Json[];
  readonly flags?: number;
  readonly nonce?: string | null;
  readonly interaction?: InteractionReference | null;
  readonly referencedId?: string | null;
  readonly isThinking?: boolean;
}

/** What is left out stays as it is. */
export interface MessageEdit {
  readonly content?: string | undefined;
  readonly components?: readonly Component[] | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly embeds?: readonly Json[] | undefined;
  readonly flags?: number | undefined;
}

/** Messages of all channels and threads, and those only one person sees. */
export class Messages {
  readonly all: Message[] = [];
  readonly ephemeral: EphemeralMessage[] = [];
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #feed: Feed;

  constructor(parts: { clock: Clock; ids: Ids; feed: Feed }) {
    this.#ids = parts.ids;
    this.#clock = parts.clock;
    this.#feed = parts.feed;
  }

  find(channelId: string, id: string): Message | undefined {
    return this.all.find(
      (message) => message.channelId === channelId && message.id === id && !message.isDeleted,
    );
  }

  /** Among all messages, also those only one person sees. */
  findAnywhere(id: string): Message | EphemeralMessage | undefined {
    return [...this.all, ...this.ephemeral].find((message) => message.id === id && !message.isDeleted);
  }

  /** Oldest first. */
  inChannel(channelId: string): Message[] {
    return this.all.filter((message) => message.channelId === channelId && !message.isDeleted);
  }

  post(content: NewMessage): Message {
    const message = this.#make(content);
    this.all.push(message);
    this.#feed.emit({ kind: "message-posted", message });
    return message;
  }

  postEphemeral(content: NewMessage, ephemeralFor: string): EphemeralMessage {
    const message = { ...this.#make(content), ephemeralFor };
    this.ephemeral.push(message);
    this.#feed.emit({ kind: "ephemeral-posted", message });
    return message;
  }

  /** Filling in a deferred answer is no edit that a person sees. */
  edit(message: Message | EphemeralMessage, edit: MessageEdit): void {
    if (edit.content !== undefined) message.content = edit.content;
    if (edit.components !== undefined) message.components = assignIds(edit.components);
    if (edit.attachments !== undefined) message.attachments = [...edit.attachments];
    if (edit.embeds !== undefined) message.embeds = [...edit.embeds];
    if (edit.flags !== undefined) message.flags = edit.flags;
    message.isMarkedEdited = !message.isThinking;
    message.isThinking = false;
    message.editedAtMs = this.#clock.now();
    message.editCount += 1;
    this.touch(message);
  }

  touch(message: Message | EphemeralMessage): void {
    if ("ephemeralFor" in message) this.#feed.emit({ kind: "ephemeral-edited", message });
    else this.#feed.emit({ kind: "message-edited", message });
  }

  delete(message: Message | EphemeralMessage): void {
    message.isDeleted = true;
    if ("ephemeralFor" in message) this.#feed.emit({ kind: "ephemeral-deleted", message });
    else this.#feed.emit({ kind: "message-deleted", message });
  }

  #make(content: NewMessage): Message {
    return {
      id: this.#ids.next(),
      channelId: content.channelId,
      authorId: content.authorId,
      content: content.content ?? "",
      components: assignIds(content.components ?? []),
      attachments: [...(content.attachments ?? [])],
      embeds: [...(content.embeds ?? [])],
      flags: content.flags ?? 0,
      createdAtMs: this.#clock.now(),
      nonce: content.nonce ?? null,
      interaction: content.interaction ?? null,
      referencedId: content.referencedId ?? null,
      isMarkedEdited: false,
      editedAtMs: null,
      editCount: 0,
      isDeleted: false,
      isThinking: content.isThinking ?? false,
      threadId: null,
    };
  }
}
