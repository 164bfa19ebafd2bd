import type { Match, WaitOptions } from "../../../playground/local/matching.ts";
import type { StrategyChoice } from "../../../src/core/target.ts";

/** The platforms that every story is told on. */
export type Platform = "Slack" | "Discord";

/** People of both local platforms: alice and bob are in the group `dba`, sam is support, gina a guest, eve a stranger. */
export type PersonName = "alice" | "bob" | "sam" | "gina" | "eve";

/** A local chat platform in the words of the people who use it. What platforms do differently stays behind it. */
export interface ChatDriver {
  readonly platform: Platform;
  /** What Godwit needs in its environment to connect. */
  environment(): Readonly<Record<string, string>>;
  /** The platform's parts of godwit.yaml. */
  readonly settings: ChatFileSettings;
  /** True where the client itself refuses commands that are unknown or incomplete. */
  readonly checksCommands: boolean;
  /** How Godwit answers eve, who is of another workspace where the platform knows such people. */
  readonly answersEve: RegExp;
  /** True where a thread is closed once its migration has succeeded. */
  readonly archivesThreads: boolean;
  person(name: PersonName): ChatPerson;
  /** What stands in #databases itself, oldest first. */
  messages(): ChatMessage[];
  waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage>;
  /** The message as it is now, on a screen that shows it like that from now on. */
  keepsShowing(message: ChatMessage): ChatMessage;
  /** Whatever stands below one of the messages of #databases. */
  threadOf(rootId: string): ChatThread;
  /** The texts that called support, oldest first. */
  supportPages(): string[];
  /** What the real platform would have refused. */
  readonly violations: readonly unknown[];
  /** What people saw of interactions that were not answered. */
  readonly errors: readonly unknown[];
  /** Milliseconds from each interaction to its acknowledgement. */
  ackLatencies(): number[];
  readonly connection: ChatConnection;
  readonly trouble: ChatTrouble;
  close(): Promise<void>;
}

/** What godwit.yaml says of a platform. */
export interface ChatFileSettings {
  /** Key in godwit.yaml. */
  readonly key: "slack" | "discord";
  /** The ID of #databases. */
  readonly channelId: string;
  /** As `policy.migrate`: only the group `dba`. */
  readonly dbaOnly: Readonly<Record<string, readonly string[]>>;
}

/** One person at their screen. */
export interface ChatPerson {
  readonly id: string;
  readonly name: string;
  /** Types a command. */
  runs(command: string): Promise<void>;
  /** Types a command and reads what it answers, wherever the platform shows that. */
  asks(command: string, answer: RegExp): Promise<string>;
  /** Types a command whose answer may fail; resolves with what the person saw. */
  tries(command: string): Promise<Attempt>;
  /** `/db migrate` of an add-on, with the form filled in and sent. */
  fillsForm(choices: FormChoices, patience?: WaitOptions): Promise<void>;
  /** Presses a button; where the platform asks whether they are sure, says yes unless told otherwise. */
  presses(message: ChatMessage, button: string, options?: { readonly isSure?: boolean }): Promise<void>;
  /** Presses a button that asks why, writes it, and sends it. */
  givesReason(message: ChatMessage, button: string, reason: string): Promise<void>;
  /** Reads the next message that only they see; each is read once. */
  isTold(match: Match<ChatMessage>, options?: WaitOptions): Promise<string>;
  /** Everything that only they have ever seen. */
  answers(): string[];
  /** The add-ons that are suggested while they type a name. */
  suggestions(typed: string): Promise<string[]>;
  /** Those and all others that the platform can show while a command is typed. */
  everySuggestion(typed: string): Promise<string[]>;
}

/** What became of a command: the answer, or the error that stood on the screen. */
export type Attempt =
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "failed"; readonly error: string };

/** What is chosen in the form; the rest stays as it is offered. */
export interface FormChoices {
  /** Its name; `orders` unless told otherwise. */
  readonly addon?: string;
  readonly version?: string;
  readonly plan?: string;
  readonly strategy?: StrategyChoice;
  /** So long from now, such as `2h`. */
  readonly start?: string;
  /** Words on the price that the form shows for these choices, where it can show any. */
  readonly price?: RegExp;
}

/** A message as it stands now. */
export interface ChatMessage {
  readonly id: string;
  text(): string;
  buttons(): string[];
  thread(): ChatThread;
  waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage>;
}

/** What is written below a message; may be empty for now. */
export interface ChatThread {
  /** Oldest first, without the message it began with. */
  messages(): ChatMessage[];
  text(): string;
  isArchived(): boolean;
  waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage>;
}

/** The connection over which people's actions reach Godwit. */
export interface ChatConnection {
  isUp(): boolean;
  /** How many there have been so far. */
  made(): number;
  /** Each way in which the platform interrupts it. */
  readonly interruptions: readonly Interruption[];
}

export interface Interruption {
  readonly name: string;
  strike(): void;
}

/** How a platform fails: it is not there, asks to wait, breaks before or after it took a message, or takes no more. */
export type Failing = "outage" | "429" | "500" | "lost answers" | "channel gone" | "token refused";

/** What the platform can do to messages and actions on their way. */
export interface ChatTrouble {
  /** Every message, new or edited, is turned away so often with 429 before it is taken. */
  turnsAway(times: number): void;
  /** How often it did. */
  turnedAway(): number;
  /** Takes the next message and never says so; resolves when it was taken. */
  swallowsNextAnswer(): Promise<void>;
  /** So much of what Godwit sends fails so from now on; `share` from 0 to 1, everything unless told otherwise. */
  fails(how: Failing, share?: number): void;
  /** Requests of Godwit so far, whatever became of them. */
  requests(): number;
  /** Everything goes well again. */
  clear(): void;
  /** Delivers the last press once more, as it was. */
  repeatsLastPress(): Promise<void>;
}
