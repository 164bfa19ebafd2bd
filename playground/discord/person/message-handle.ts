import { describeMatch, type Match, matches, type WaitOptions } from "../../local/matching.ts";
import { until } from "../../local/until.ts";
import { waitForMessage } from "../../local/wait-for-message.ts";
import type { Button } from "../components/component.ts";
import { flattenComponents } from "../components/find-components.ts";
import { buttonText } from "../interact/find-component.ts";
import type { Channel, EphemeralMessage, Message, ThreadState } from "../model.ts";
import { namesFrom } from "../render/names.ts";
import { renderText } from "../render/render-text.ts";
import type { World } from "../world.ts";
import { recentTrouble } from "./recent-trouble.ts";

/** A message as it stands now: every call reads its current state. */
export class MessageHandle {
  readonly raw: Message | EphemeralMessage;
  readonly #world: World;

  constructor(world: World, raw: Message | EphemeralMessage) {
    this.#world = world;
    this.raw = raw;
  }

  get id(): string {
    return this.raw.id;
  }

  /** Of the channel or thread it stands in. */
  get channelId(): string {
    return this.raw.channelId;
  }

  get isDeleted(): boolean {
    return this.raw.isDeleted;
  }

  /** How often it was edited; filling in a deferred answer counts. */
  get editCount(): number {
    return this.raw.editCount;
  }

  /** Every attachment, also one that no component shows. */
  get files(): { name: string; content: string }[] {
    return this.raw.attachments.map(({ name, content }) => ({ name, content }));
  }

  /** What a person reads, without buttons; attachments as `[file: name]`. */
  text(): string {
    return renderText(this.raw, namesFrom(this.#world.directory));
  }

  /** The labels of its buttons, in order. */
  buttons(): string[] {
    return this.#buttons().map(buttonText);
  }

  isDisabled(button: string): boolean {
    return this.#buttons().some((found) => buttonText(found) === button && found.disabled === true);
  }

  /** The thread this message stands in, or the one that is or will be started from it. */
  thread(): ThreadHandle {
    const channel = this.#world.directory.channels.get(this.channelId);
    return new ThreadHandle(this.#world, channel?.thread ? this.channelId : this.id);
  }

  /** The thread of this message, once there is one. */
  waitForThread(options: WaitOptions = {}): Promise<ThreadHandle> {
    return until({
      feed: this.#world.feed,
      signal: this.#world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.#world.settings.waitTimeoutMs,
      look: () => (this.thread().exists ? this.thread() : undefined),
      wanted: `a thread of the message ${this.id}`,
      present: () => [this.text(), ...recentTrouble(this.#world)].join("\n"),
    });
  }

  permalink(): string {
    return `https://discord.com/channels/${this.#world.settings.guildId}/${this.channelId}/${this.id}`;
  }

  matches(match: Match<MessageHandle>): boolean {
    return matches(match, this, [this.text()]);
  }

  /** Waits until this message reads as wanted, after an edit for instance. */
  waitFor(match: Match<MessageHandle>, options: WaitOptions = {}): Promise<MessageHandle> {
    return until({
      feed: this.#world.feed,
      signal: this.#world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.#world.settings.waitTimeoutMs,
      look: () => (this.matches(match) ? this : undefined),
      wanted: `the message ${this.id} to match ${describeMatch(match)}`,
      present: () => [this.text(), ...recentTrouble(this.#world)].join("\n"),
    });
  }

  #buttons(): Button[] {
    return flattenComponents(this.raw.components).filter((component) => component.type === 2);
  }
}

/** A thread and what is written in it; it may still have to be started. */
export class ThreadHandle {
  readonly id: string;
  readonly #world: World;

  constructor(world: World, id: string) {
    this.#world = world;
    this.id = id;
  }

  get exists(): boolean {
    return this.#world.directory.channels.has(this.id);
  }

  /** @throws Error while it was not started */
  get raw(): Channel {
    const channel = this.#world.directory.channels.get(this.id);
    if (channel) return channel;
    const message = this.#world.messages.findAnywhere(this.id);
    throw new Error(`no thread was started from the message ${this.id}: ${message?.content ?? "deleted"}`);
  }

  get name(): string {
    return this.raw.name;
  }

  get isArchived(): boolean {
    return this.#thread.isArchived;
  }

  get isLocked(): boolean {
    return this.#thread.isLocked;
  }

  /** User ids of those who were added. */
  get memberIds(): readonly string[] {
    return this.#thread.memberIds;
  }

  /** Oldest first, without the message the thread began with. */
  messages(): MessageHandle[] {
    return this.#world.messages.inChannel(this.id).map((message) => new MessageHandle(this.#world, message));
  }

  /** The newest message that matches, now or within the time. */
  waitFor(match: Match<MessageHandle>, options: WaitOptions = {}): Promise<MessageHandle> {
    const list = {
      where: `in the thread ${this.id}`,
      handles: () => this.messages(),
      trouble: () => recentTrouble(this.#world),
    };
    return waitForMessage(this.#world, list, { match, options });
  }

  /** The thread as a person would read it. */
  text(): string {
    return this.messages()
      .map((message) => message.text())
      .join("\n\n");
  }

  get #thread(): ThreadState {
    if (!this.raw.thread) throw new Error(`#${this.raw.name} is no thread`);
    return this.raw.thread;
  }
}
