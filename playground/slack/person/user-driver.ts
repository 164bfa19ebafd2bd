import { describeMatch, type Match, type WaitOptions } from "../../local/matching.ts";
import { until } from "../../local/until.ts";
import { type CommandReply, sendCommand } from "../interact/command.ts";
import { enter } from "../interact/enter.ts";
import type { Entered } from "../interact/entered-value.ts";
import { openHome } from "../interact/open-home.ts";
import { type ClickOutcome, pressButton } from "../interact/press-button.ts";
import type { Notification, Person, PersonError } from "../model.ts";
import { notify } from "../state/notify.ts";
import type { World } from "../world.ts";
import { MessageHandle } from "./message-handle.ts";
import { recentTrouble, waitForMessage } from "./message-list.ts";
import { ModalHandle } from "./modal-handle.ts";
import { ViewHandle } from "./view-handle.ts";

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

  /** New messages that mentioned this person, directly or through a user group. */
  get notifications(): Notification[] {
    return this.#world.notifications.filter(({ userId }) => userId === this.id);
  }

  /** What this person saw when the app did not answer in time, or answered nonsense. */
  get errors(): PersonError[] {
    return this.#world.errors.filter(({ userId }) => userId === this.id);
  }

  /** Messages only this person sees, also those through a response_url. */
  get ephemerals(): MessageHandle[] {
    return this.#ephemeral().map((message) => new MessageHandle(this.#world, message));
  }

  /** Open modals, the topmost last. */
  get modals(): ModalHandle[] {
    return this.#world.views.stack(this.id).map((view) => new ModalHandle(this.#world, view));
  }

  /** The App Home the app published for this person. */
  get home(): ViewHandle | undefined {
    const view = this.#world.views.homes.get(this.id);
    return view && new ViewHandle(this.#world, view);
  }

  /** Types a slash command; resolves when the app acknowledged or three seconds passed. */
  command(text: string, options: { channel?: string } = {}): Promise<CommandReply> {
    const channelId = options.channel ?? firstChannel(this.#world, this.id);
    return sendCommand(this.#world, { userId: this.id, channelId, text });
  }

  openHome(): Promise<void> {
    return openHome(this.#world, this.id);
  }

  /** Writes a message of one's own; the app does not hear of it. */
  say(text: string, options: { channel: string; thread?: string }): MessageHandle {
    const channel = this.#world.directory.findChannel(options.channel);
    const content = { channelId: channel.id, userId: this.id, text, blocks: [], threadTs: options.thread };
    const message = this.#world.messages.post(content);
    notify(this.#world, message);
    return new MessageHandle(this.#world, message);
  }

  /** @throws Error when the button is missing (listing those there are) or its confirm dialog is not answered */
  async click(
    message: MessageHandle,
    button: string,
    options: { confirm?: boolean } = {},
  ): Promise<ClickOutcome> {
    this.#requireSight(message);
    const origin = { kind: "message", message: message.raw } as const;
    return pressButton(this.#world, { userId: this.id, origin, button, confirm: options.confirm });
  }

  /** Chooses in a select, overflow menu or radio group of a message. */
  async choose(message: MessageHandle, element: string, entered: Entered): Promise<void> {
    this.#requireSight(message);
    const origin = { kind: "message", message: message.raw } as const;
    await enter(this.#world, { userId: this.id, origin, element, entered });
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
    const handles = (): MessageHandle[] => this.ephemerals;
    return waitForMessage(this.#world, { where: `only ${this.name} sees`, handles }, { match, options });
  }

  waitForHome(match: Match<ViewHandle>, options: WaitOptions = {}): Promise<ViewHandle> {
    const isWanted = (home: ViewHandle): boolean =>
      typeof match === "function" ? match(home) : new RegExp(match).test(home.text());
    return until({
      feed: this.#world.feed,
      signal: this.#world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.#world.settings.waitTimeoutMs,
      look: () => (this.home && isWanted(this.home) ? this.home : undefined),
      wanted: `the App Home of ${this.name} to match ${describeMatch(match)}`,
      present: () => this.home?.text() ?? "nothing published",
    });
  }

  #ephemeral() {
    return this.#world.messages.ephemeral.filter(
      (message) => message.ephemeralFor === this.id && !message.isDeleted,
    );
  }

  #requireSight(message: MessageHandle): void {
    if (message.isDeleted) throw new Error("the message was deleted");
    const channel = this.#world.directory.findChannel(message.channelId);
    const owner = "ephemeralFor" in message.raw ? message.raw.ephemeralFor : undefined;
    if (channel.members.includes(this.id) && (owner ?? this.id) === this.id) return;
    throw new Error(`${this.name} does not see this message in #${channel.name}`);
  }
}

function firstChannel(world: World, userId: string): string {
  const channel = [...world.directory.channels.values()].find(({ members }) => members.includes(userId));
  if (!channel) throw new Error(`${userId} is in no channel`);
  return channel.id;
}
