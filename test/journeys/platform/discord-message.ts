import type { LocalDiscord, MessageHandle, ThreadHandle } from "../../../playground/discord/index.ts";
import type { Match, WaitOptions } from "../../../playground/local/matching.ts";
import type { ChatMessage, ChatThread } from "./chat-driver.ts";

/** A message of the local Discord. */
export class DiscordMessage implements ChatMessage {
  readonly handle: MessageHandle;

  constructor(handle: MessageHandle) {
    this.handle = handle;
  }

  get id(): string {
    return this.handle.id;
  }

  text(): string {
    return this.handle.text();
  }

  buttons(): string[] {
    return this.handle.buttons();
  }

  thread(): DiscordThread {
    return new DiscordThread(this.handle);
  }

  async waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage> {
    await this.handle.waitFor(onHandle(match), options);
    return this;
  }
}

/** The thread of a message, which begins with its first reply. */
export class DiscordThread implements ChatThread {
  readonly #root: MessageHandle;

  constructor(root: MessageHandle) {
    this.#root = root;
  }

  messages(): DiscordMessage[] {
    return (this.#handle?.messages() ?? []).map((handle) => new DiscordMessage(handle));
  }

  text(): string {
    return this.#handle?.text() ?? "";
  }

  isArchived(): boolean {
    return this.#handle?.isArchived ?? false;
  }

  async waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage> {
    const thread = await this.#root.waitForThread(options);
    return new DiscordMessage(await thread.waitFor(onHandle(match), options));
  }

  get #handle(): ThreadHandle | undefined {
    return this.#root.raw.threadId === null ? undefined : this.#root.thread();
  }
}

/** A match of neutral messages as one of Discord's. */
export function onHandle(match: Match<ChatMessage>): Match<MessageHandle> {
  return typeof match === "function" ? (handle) => match(new DiscordMessage(handle)) : match;
}

/** Alice, bob and all the others are in this guild and read this channel. */
export function channelOf(discord: LocalDiscord) {
  return discord.channel("#databases");
}
