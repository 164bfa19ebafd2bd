import { describeMatch, type Match, type WaitOptions } from "../../local/matching.ts";
import { until } from "../../local/until.ts";
import { waitForMessage } from "../../local/wait-for-message.ts";
import { autocomplete } from "../interact/autocomplete.ts";
import { chooseInMessage } from "../interact/choose-in-message.ts";
import { type ClickOutcome, pressButton } from "../interact/press-button.ts";
import { say } from "../interact/say.ts";
import { type CommandReply, sendCommand } from "../interact/send-command.ts";
import type { CommandChoice, Notification, Person, PersonError } from "../model.ts";
import type { World } from "../world.ts";
import { MessageHandle, type ThreadHandle } from "./message-handle.ts";
import { ModalHandle } from "./modal-handle.ts";
import { recentTrouble } from "./recent-trouble.ts";

interface Place {
  /** Name or id of a channel; the first one the person is in when left out. */
  readonly channel?: string;
}

/** Acts as one person; everything goes over the wire to the app. */
export class UserDriver {
  readonly raw: Person;
  readonly #world: World;

  constructor(world: World, raw: Person) {
    this.#world = world;
    this.raw = raw;
  }

  get id(): string {
    return this.raw.id;
  }

  get name(): string {
    return this.raw.name;
  }

  /** New messages that mentioned this person, directly or through a role. */
  get notifications(): Notification[] {
    return this.#world.notifications.filter(({ userId }) => userId === this.id);
  }

  /** What this person saw when the app did not answer in time. */
  get errors(): PersonError[] {
    return this.#world.errors.filter(({ userId }) => userId === this.id);
  }

  /** Answers only this person sees. */
  get ephemerals(): MessageHandle[] {
    return this.#world.messages.ephemeral
      .filter((message) => message.ephemeralFor === this.id && !message.isDeleted)
      .map((message) => new MessageHandle(this.#world, message));
  }

  /** Open modals, the topmost last. */
  get modals(): ModalHandle[] {
    return this.#world.modals.of(this.id).map((modal) => new ModalHandle(this.#world, modal));
  }

  /**
   * Types a slash command, options by name (`/db migrate addon:orders`) or in order (`/db migrate orders`); resolves
   * when the app answered or three seconds passed.
   * @throws Error when the client would not send it: unknown subcommand, missing option, no right to use it
   */
  command(text: string, options: Place = {}): Promise<CommandReply> {
    return sendCommand(this.#world, { userId: this.id, channelId: this.#channel(options), text });
  }

  /** Types and waits for the suggestions for one option: `/db migrate addon:or` with option `addon`. */
  autocomplete(text: string, options: Place & { option: string }): Promise<readonly CommandChoice[]> {
    const { option } = options;
    return autocomplete(this.#world, {
      userId: this.id,
      channelId: this.#channel(options),
      text,
      option,
    });
  }

  /** @throws Error when the button is missing (listing those there are) or disabled */
  click(message: MessageHandle, button: string): Promise<ClickOutcome> {
    return pressButton(this.#world, { userId: this.id, message: message.raw, button });
  }

  /** Chooses in a select of a message, by option value or label. */
  choose(message: MessageHandle, select: string, values: string | readonly string[]): Promise<ClickOutcome> {
    return chooseInMessage(this.#world, { userId: this.id, message: message.raw, select, values });
  }

  /** Writes a message of one's own. */
  say(text: string, options: { channel: string; thread?: string | ThreadHandle }): MessageHandle {
    const { channel, thread } = options;
    const channelId = typeof thread === "object" ? thread.id : (thread ?? channel);
    return new MessageHandle(this.#world, say(this.#world, { userId: this.id, channelId, text }));
  }

  /** The topmost open modal, once there is one that matches. */
  waitForModal(match: Match<ModalHandle> = () => true, options: WaitOptions = {}): Promise<ModalHandle> {
    return until({
      feed: this.#world.feed,
      signal: this.#world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.#world.settings.waitTimeoutMs,
      look: () => {
        const top = this.modals.at(-1);
        return top?.matches(match) ? top : undefined;
      },
      wanted: `a modal of ${this.name} that matches ${describeMatch(match)}`,
      present: () =>
        [
          ...this.modals.map((modal) => `${modal.title}\n${modal.text()}`),
          ...recentTrouble(this.#world),
        ].join("\n") || "no modal",
    });
  }

  waitForEphemeral(match: Match<MessageHandle>, options: WaitOptions = {}): Promise<MessageHandle> {
    const list = {
      where: `only ${this.name} sees`,
      handles: () => this.ephemerals,
      trouble: () => recentTrouble(this.#world),
    };
    return waitForMessage(this.#world, list, { match, options });
  }

  #channel({ channel }: Place): string {
    if (channel !== undefined) return channel;
    const { directory } = this.#world;
    const found = [...directory.channels.values()].find((one) => directory.membersOf(one).includes(this.id));
    if (!found) throw new Error(`${this.name} is in no channel`);
    return found.id;
  }
}
