import type { Match, WaitOptions } from "../../../playground/local/matching.ts";
import type { LocalSlack, MessageHandle } from "../../../playground/slack/index.ts";
import { FORM_WORDS } from "../../../src/chat/present/form.ts";
import { parseDuration } from "../../../src/validation/units.ts";
import { until } from "../../support/until.ts";
import type { Attempt, ChatMessage, ChatPerson, FormChoices, PersonName } from "./chat-driver.ts";
import { onHandle, type SlackMessage } from "./slack-message.ts";

const CHANNEL = { channel: "#databases" } as const;
/** Longer than Godwit works on an answer before it gives up. */
const ANSWER_MS = 30_000;

/** A person in the local Slack. */
export class SlackPerson implements ChatPerson {
  readonly #slack: LocalSlack;
  readonly #name: PersonName;
  readonly #read = new Set<string>();

  constructor(slack: LocalSlack, name: PersonName) {
    this.#slack = slack;
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

  /** Commands that open a form answer in it; it is closed once it was read. */
  async asks(command: string, answer: RegExp): Promise<string> {
    const reply = await this.#user.command(command, CHANNEL);
    if (reply.text) return reply.text;
    if (!/^\/db migrate\b/.test(command)) return this.isTold(answer);
    const modal = await this.#user.waitForModal(answer);
    const read = modal.text();
    await modal.close();
    return read;
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

  async fillsForm(
    { addon = "orders", version, plan, strategy, start, price }: FormChoices,
    patience: WaitOptions = {},
  ): Promise<void> {
    await this.runs(`/db migrate ${addon}`);
    const form = await this.#user.waitForModal((modal) => /Difference/.test(modal.text()), patience);
    if (plan !== undefined) await form.choose("plan", plan);
    if (version !== undefined) await form.choose("version", version);
    if (strategy !== undefined) await form.choose("strategy", strategy);
    if (start !== undefined) {
      await form.choose("start", "at");
      await form.waitFor(FORM_WORDS.fields.startAt, patience);
      await form.choose("startAt", String(Math.ceil((Date.now() + (parseDuration(start) ?? 0)) / 1000)));
    }
    if (price !== undefined) await form.waitFor(price, patience);
    const outcome = await form.submit();
    if (outcome.kind === "errors") throw new Error(JSON.stringify(outcome));
  }

  async presses(message: ChatMessage, button: string, { isSure = true } = {}): Promise<void> {
    await this.#user.click((message as SlackMessage).handle, button, { confirm: isSure });
  }

  async givesReason(message: ChatMessage, button: string, reason: string): Promise<void> {
    await this.#user.click((message as SlackMessage).handle, button);
    const modal = await this.#user.waitForModal((open) => open.title === button);
    await modal.choose("reason", reason);
    await modal.submit();
  }

  async isTold(match: Match<ChatMessage>, options?: WaitOptions): Promise<string> {
    const wanted = onHandle(match);
    const isNew = (handle: MessageHandle) => !this.#read.has(handle.ts) && handle.matches(wanted);
    const told = await this.#user.waitForEphemeral(isNew, options);
    this.#read.add(told.ts);
    return told.text();
  }

  answers(): string[] {
    return this.#user.ephemerals.map((handle) => handle.text());
  }

  /** Types into the select of an empty form; without the right there is no select. */
  async suggestions(typed: string): Promise<string[]> {
    await this.runs("/db migrate");
    const modal = await this.#user.waitForModal((open) => !/Reading the database/.test(open.text()));
    const isOffered = modal.text().includes("Which database");
    const found = isOffered ? await modal.suggest("addon", typed) : [];
    await modal.close();
    return found.map(({ text }) => text);
  }

  everySuggestion(typed: string): Promise<string[]> {
    return this.suggestions(typed);
  }

  get #user() {
    return this.#slack.user(this.#name);
  }
}
