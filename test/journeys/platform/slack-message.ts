import type { Match, WaitOptions } from "../../../playground/local/matching.ts";
import type { MessageHandle, ThreadHandle } from "../../../playground/slack/index.ts";
import type { ChatMessage, ChatThread } from "./chat-driver.ts";

/** A message of the local Slack. */
export class SlackMessage implements ChatMessage {
  readonly handle: MessageHandle;

  constructor(handle: MessageHandle) {
    this.handle = handle;
  }

  get id(): string {
    return this.handle.ts;
  }

  text(): string {
    return this.handle.text();
  }

  buttons(): string[] {
    return this.handle.buttons();
  }

  thread(): SlackThread {
    return new SlackThread(this.handle.thread());
  }

  async waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage> {
    await this.handle.waitFor(onHandle(match), options);
    return this;
  }
}

/** The replies below a message. Slack closes no thread. */
export class SlackThread implements ChatThread {
  readonly #handle: ThreadHandle;

  constructor(handle: ThreadHandle) {
    this.#handle = handle;
  }

  messages(): SlackMessage[] {
    return this.#handle.messages().map((handle) => new SlackMessage(handle));
  }

  text(): string {
    return this.#handle.text();
  }

  isArchived(): boolean {
    return false;
  }

  async waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage> {
    return new SlackMessage(await this.#handle.waitFor(onHandle(match), options));
  }
}

/** A match of neutral messages as one of Slack's. */
export function onHandle(match: Match<ChatMessage>): Match<MessageHandle> {
  return typeof match === "function" ? (handle) => match(new SlackMessage(handle)) : match;
}
