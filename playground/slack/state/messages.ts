import { assignIds } from "../blocks/assign-ids.ts";
import type { Block } from "../blocks/block.ts";
import { stateAfter } from "../blocks/element-state.ts";
import type { Feed } from "../feed.ts";
import type { Ids } from "../ids.ts";
import type { EphemeralMessage, Message, MessageMetadata, UploadedFile } from "../model.ts";

/** Longer text is cut, not refused (Slack: chat.postMessage, "Truncating content"). */
const textLimit = 40_000;

export interface NewMessage {
  readonly channelId: string;
  readonly userId: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly threadTs?: string | undefined;
  readonly isBroadcast?: boolean;
  readonly metadata?: MessageMetadata | undefined;
  readonly files?: readonly UploadedFile[];
}

export interface MessageEdit {
  readonly text?: string | undefined;
  readonly blocks?: readonly Block[] | undefined;
  readonly metadata?: MessageMetadata | undefined;
}

/** Messages of all channels, and those only one person sees. */
export class Messages {
  readonly all: Message[] = [];
  readonly ephemeral: EphemeralMessage[] = [];
  readonly #ids: Ids;
  readonly #feed: Feed;

  constructor(ids: Ids, feed: Feed) {
    this.#ids = ids;
    this.#feed = feed;
  }

  find(channelId: string, ts: string): Message | undefined {
    return this.all.find(
      (message) => message.channelId === channelId && message.ts === ts && !message.isDeleted,
    );
  }

  findEphemeral(channelId: string, ts: string): EphemeralMessage | undefined {
    return this.ephemeral.find(
      (message) => message.channelId === channelId && message.ts === ts && !message.isDeleted,
    );
  }

  /** What stands in the channel itself: no replies, except those sent to the channel too. */
  inChannel(channelId: string): Message[] {
    return this.all.filter(
      (message) =>
        message.channelId === channelId &&
        !message.isDeleted &&
        (message.threadTs === undefined || message.isBroadcast),
    );
  }

  /** The replies of a thread, without the message it began with. */
  inThread(channelId: string, threadTs: string): Message[] {
    return this.all.filter(
      (message) => message.channelId === channelId && !message.isDeleted && message.threadTs === threadTs,
    );
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

  /** Text without blocks removes the blocks and marks the message as edited (Slack: chat.update). */
  edit(message: Message | EphemeralMessage, edit: MessageEdit): void {
    const blocks = edit.blocks ?? (edit.text === undefined ? message.blocks : []);
    message.text = clip(edit.text ?? message.text);
    message.blocks = assignIds(blocks, this.#ids);
    message.state = stateAfter(message.blocks, message.state);
    if (edit.metadata) message.metadata = edit.metadata;
    if (message.blocks.length === 0) message.isMarkedEdited = true;
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
    const blocks = assignIds(content.blocks, this.#ids);
    return {
      ts: this.#ids.timestamp(),
      channelId: content.channelId,
      userId: content.userId,
      text: clip(content.text),
      blocks,
      ...(content.metadata ? { metadata: content.metadata } : {}),
      ...(content.threadTs === undefined ? {} : { threadTs: content.threadTs }),
      isBroadcast: content.isBroadcast ?? false,
      isMarkedEdited: false,
      editCount: 0,
      isDeleted: false,
      files: [...(content.files ?? [])],
      state: stateAfter(blocks, {}),
    };
  }
}

function clip(text: string): string {
  const characters = Array.from(text);
  return characters.length <= textLimit ? text : characters.slice(0, textLimit).join("");
}
