import { describeMatch, type Match, matches, type WaitOptions } from "../../local/matching.ts";
import { until } from "../../local/until.ts";
import { permalinkOf } from "../api/chat-update.ts";
import { findElements } from "../blocks/find-elements.ts";
import { buttonText } from "../interact/find-element.ts";
import type { EphemeralMessage, Message } from "../model.ts";
import { namesFrom } from "../render/names.ts";
import { renderText } from "../render/render-text.ts";
import type { World } from "../world.ts";
import { waitForMessage } from "./message-list.ts";

/** A message as it stands now: every call reads its current state. */
export class MessageHandle {
  readonly raw: Message | EphemeralMessage;
  readonly #world: World;

  constructor(world: World, raw: Message | EphemeralMessage) {
    this.#world = world;
    this.raw = raw;
  }

  get ts(): string {
    return this.raw.ts;
  }

  get channelId(): string {
    return this.raw.channelId;
  }

  /** The top-level `text`: what notifications and screen readers get. */
  get fallback(): string {
    return this.raw.text;
  }

  get isDeleted(): boolean {
    return this.raw.isDeleted;
  }

  /** How often it was edited. */
  get editCount(): number {
    return this.raw.editCount;
  }

  /** What a person reads. */
  text(): string {
    const files = this.raw.files.map((file) => `[file: ${file.title}]`);
    const body = renderText(this.raw.blocks, this.raw.text, {
      names: namesFrom(this.#world.directory),
      values: this.raw.state,
    });
    return [body, ...files].filter((line) => line !== "").join("\n");
  }

  /** The texts of its buttons, in order. */
  buttons(): string[] {
    return findElements(this.raw.blocks)
      .filter(({ element }) => element.type === "button")
      .map(buttonText);
  }

  thread(): ThreadHandle {
    return new ThreadHandle(this.#world, this.channelId, this.raw.threadTs ?? this.ts);
  }

  permalink(): string {
    return permalinkOf(this.#world, this.raw);
  }

  matches(match: Match<MessageHandle>): boolean {
    return matches(match, this, [this.text(), this.fallback]);
  }

  /** Waits until this message reads as wanted, after an edit for instance. */
  waitFor(match: Match<MessageHandle>, options: WaitOptions = {}): Promise<MessageHandle> {
    return until({
      feed: this.#world.feed,
      signal: this.#world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.#world.settings.waitTimeoutMs,
      look: () => (this.matches(match) ? this : undefined),
      wanted: `the message ${this.ts} to match ${describeMatch(match)}`,
      present: () => this.text(),
    });
  }
}

/** The replies below a message. */
export class ThreadHandle {
  readonly channelId: string;
  readonly ts: string;
  readonly #world: World;

  constructor(world: World, channelId: string, ts: string) {
    this.#world = world;
    this.channelId = channelId;
    this.ts = ts;
  }

  /** Replies, oldest first, without the message the thread began with. */
  messages(): MessageHandle[] {
    return this.#world.messages
      .inThread(this.channelId, this.ts)
      .map((message) => new MessageHandle(this.#world, message));
  }

  /** The newest reply that matches, now or within the time. */
  waitFor(match: Match<MessageHandle>, options: WaitOptions = {}): Promise<MessageHandle> {
    const handles = (): MessageHandle[] => this.messages();
    return waitForMessage(this.#world, { where: "in the thread", handles }, { match, options });
  }

  /** The thread as a person would read it. */
  text(): string {
    return this.messages()
      .map((message) => message.text())
      .join("\n\n");
  }
}
