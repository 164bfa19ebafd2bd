import type { LocalDiscord, MessageHandle, ModalHandle } from "../../../playground/discord/index.ts";
import type { Match, WaitOptions } from "../../../playground/local/matching.ts";
import { FORM_WORDS } from "../../../src/chat/present/form.ts";
import { until } from "../../support/until.ts";
import type { Attempt, ChatMessage, ChatPerson, FormChoices, PersonName } from "./chat-driver.ts";
import { type DiscordMessage, onHandle } from "./discord-message.ts";

const CHANNEL = { channel: "#databases" } as const;
/** Longer than Godwit works on an answer before it gives up. */
const ANSWER_MS = 30_000;
const OPEN_FORM = "Open the form";

/** A person in the local Discord. */
export class DiscordPerson implements ChatPerson {
  readonly #discord: LocalDiscord;
  readonly #name: PersonName;
  /** What was read, as it stood then: an answer may be written anew. */
  readonly #read = new Set<string>();
  /** A person has one hand: dialogs come up one after the other. */
  #dialog: Promise<unknown> = Promise.resolve();

  constructor(discord: LocalDiscord, name: PersonName) {
    this.#discord = discord;
    this.#name = name;
  }

  get id(): string {
    return this.#user.id;
  }

  get name(): string {
    return this.#user.name;
  }

  async runs(command: string): Promise<void> {
    await this.#user.command(command, CHANNEL);
  }

  /** Where the client does not even send the command, it says why. */
  async asks(command: string, answer: RegExp): Promise<string> {
    const refusal = await this.runs(command).then(
      () => null,
      (error: unknown) => String(error),
    );
    return refusal ?? this.isTold(answer);
  }

  async tries(command: string): Promise<Attempt> {
    const before = this.answers().length;
    const reply = await this.#user.command(command, CHANNEL);
    if (reply.error !== undefined) return { kind: "failed", error: reply.error };
    await until(() => this.answers().length > before, {
      what: `an answer to ${command}`,
      timeoutMs: ANSWER_MS,
    });
    return { kind: "answered", text: this.answers().at(-1) ?? "" };
  }

  /** The price stands in the plan: a form cannot change while it is open. */
  async fillsForm(
    { addon = "orders", version, plan, strategy, start }: FormChoices,
    patience: WaitOptions = {},
  ): Promise<void> {
    await this.runs(`/db migrate ${addon}`);
    const form = await this.#opensForm(patience);
    if (plan !== undefined) await form.choose(FORM_WORDS.fields.plan, plan);
    if (version !== undefined) await form.choose(FORM_WORDS.fields.version, version);
    if (strategy !== undefined) await form.choose(FORM_WORDS.fields.strategy, strategy);
    if (start !== undefined) await form.type(FORM_WORDS.fields.start, start);
    await form.submit();
  }

  async presses(message: ChatMessage, button: string, { isSure = true } = {}): Promise<void> {
    const dialog = this.#dialog.then(() => this.#click((message as DiscordMessage).handle, button));
    this.#dialog = dialog.catch(() => undefined);
    const asked = await dialog;
    if (!asked) return;
    const [yes = "", no = ""] = asked.buttons();
    await this.#user.click(asked, isSure ? yes : no);
  }

  async givesReason(message: ChatMessage, button: string, reason: string): Promise<void> {
    await this.#user.click((message as DiscordMessage).handle, button);
    const modal = await this.#user.waitForModal((open) => open.title === button);
    await modal.type("reason", reason);
    await modal.submit();
  }

  async isTold(match: Match<ChatMessage>, options?: WaitOptions): Promise<string> {
    const wanted = onHandle(match);
    const told = await this.#user.waitForEphemeral(
      (handle) => this.#isUnread(handle) && handle.matches(wanted),
      options,
    );
    this.#marksRead(told);
    return told.text();
  }

  answers(): string[] {
    return this.#user.ephemerals.filter((handle) => !handle.raw.isThinking).map((handle) => handle.text());
  }

  suggestions(typed: string): Promise<string[]> {
    return this.#suggests(`/db migrate addon:${typed}`, "addon");
  }

  async everySuggestion(typed: string): Promise<string[]> {
    const found = [
      await this.suggestions(typed),
      await this.#suggests("/db migrate addon:orders plan:", "plan"),
      await this.#suggests("/db migrate addon:orders version:", "version"),
      await this.#suggests(`/db history addon:${typed}`, "addon"),
      await this.#suggests(`/db cancel addon:${typed}`, "addon"),
      await this.#suggests(`/db retry addon:${typed}`, "addon"),
    ];
    return found.flat();
  }

  async #suggests(text: string, option: string): Promise<string[]> {
    const found = await this.#user.autocomplete(text, { ...CHANNEL, option });
    return found.map(({ name }) => name);
  }

  /** The form comes at once, or, when Godwit has to look at the database first, behind a button. */
  async #opensForm(patience: WaitOptions): Promise<ModalHandle> {
    const offered = () => this.#user.ephemerals.findLast((handle) => handle.buttons().includes(OPEN_FORM));
    await until(() => this.#user.modals.length > 0 || offered(), {
      what: "a form, or the offer of one",
      timeoutMs: patience.timeoutMs ?? ANSWER_MS,
    });
    const offer = offered();
    if (this.#user.modals.length === 0 && offer) await this.#user.click(offer, OPEN_FORM);
    return this.#user.waitForModal(() => true, patience);
  }

  /** Presses; resolves with the question whether they are sure, where one is asked. */
  async #click(message: MessageHandle, button: string): Promise<MessageHandle | undefined> {
    const before = new Set(this.#user.ephemerals.map(({ id }) => id));
    const outcome = await this.#user.click(message, button);
    if (outcome.kind !== "sent" || !outcome.ack.acked) return undefined;
    if (outcome.ack.response !== "thinking" && outcome.ack.response !== "message") return undefined;
    const answer = await this.#user.waitForEphemeral(
      (handle) => !before.has(handle.id) && !handle.raw.isThinking,
    );
    if (answer.buttons().length !== 2) return undefined;
    this.#marksRead(answer);
    return answer;
  }

  #isUnread(handle: MessageHandle): boolean {
    return !handle.raw.isThinking && !this.#read.has(keyOf(handle));
  }

  #marksRead(handle: MessageHandle): void {
    this.#read.add(keyOf(handle));
  }

  get #user() {
    return this.#discord.user(this.#name);
  }
}

function keyOf(handle: MessageHandle): string {
  return `${handle.id} ${handle.text()}`;
}
