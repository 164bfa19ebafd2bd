import type { Component } from "./components/component.ts";

export type Json = Record<string, unknown>;

export interface Person {
  readonly id: string;
  /** The unique name; `nick` or `displayName` is what others read. */
  readonly name: string;
  readonly displayName: string;
  readonly isBot: boolean;
  /** Joined by a guest invite: member flag IS_GUEST. */
  readonly isGuest: boolean;
  /** Whether they are in the guild at all. */
  isMember: boolean;
  /** Ids of roles, without that of everyone. */
  roles: string[];
  readonly joinedAtMs: number;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  /** RGB; 0 draws the member's name in the default colour. */
  readonly color: number;
  readonly position: number;
  /** A bit set as a decimal string ("Discord, Permissions"). */
  permissions: string;
  /** Whether a bot without MENTION_EVERYONE reaches its members by a mention. */
  mentionable: boolean;
}

export type ChannelKind = "text" | "announcement" | "voice" | "forum" | "dm" | "thread" | "private-thread";

/** A channel of the guild, a direct conversation, or a thread (`thread` is there). */
export interface Channel {
  readonly id: string;
  name: string;
  readonly kind: ChannelKind;
  /** The channel a thread hangs below. */
  readonly parentId: string | null;
  /** User ids, or everyone in the guild. */
  members: "everyone" | string[];
  /** Whether the bot may see it. */
  hasBot: boolean;
  /** The bot's permissions here as a decimal string; null: those of the guild. */
  botPermissions: string | null;
  readonly createdAtMs: number;
  thread: ThreadState | null;
  isDeleted: boolean;
}

export interface ThreadState {
  readonly ownerId: string;
  /** The message it was started from; its id is the thread's. */
  readonly starterMessageId: string | null;
  isArchived: boolean;
  isLocked: boolean;
  /** Minutes. */
  autoArchiveDuration: number;
  archiveChangedAtMs: number;
  /** Without the message it was started from. */
  messageCount: number;
  memberIds: string[];
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly description: string | null;
  /** As UTF-8. */
  readonly content: string;
}

/** Which interaction a message answers; drawn above it as "alice used /db migrate". */
export interface InteractionReference {
  readonly id: string;
  readonly kind: InteractionKind;
  readonly userId: string;
  /** `db migrate`, without the slash; empty when the answer is not to a command. */
  readonly commandName: string;
}

/** A message as the local Discord keeps it; JSON-serialisable. */
export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  content: string;
  components: Component[];
  attachments: Attachment[];
  embeds: Json[];
  /** Bits ("Discord, Message Flags"); see `messageFlags`. */
  flags: number;
  readonly createdAtMs: number;
  readonly nonce: string | null;
  readonly interaction: InteractionReference | null;
  /** The message a follow-up hangs below. */
  readonly referencedId: string | null;
  /** True after an edit of content that was already shown; Discord draws "(edited)". */
  isMarkedEdited: boolean;
  editedAtMs: number | null;
  editCount: number;
  isDeleted: boolean;
  /** "Godwit is thinking…": the answer was deferred and is still to come. */
  isThinking: boolean;
  threadId: string | null;
}

/** Only this person sees it. */
export interface EphemeralMessage extends Message {
  readonly ephemeralFor: string;
}

/** Text, a choice, several choices, or a tick. */
export type EnteredValue = string | null | boolean | readonly string[];

export interface OpenModal {
  /** Id of the interaction that opened it. */
  readonly id: string;
  readonly userId: string;
  readonly channelId: string;
  readonly customId: string;
  readonly title: string;
  readonly components: readonly Component[];
  /** By custom_id; defaults are entered from the beginning. */
  values: Record<string, EnteredValue>;
  state: "open" | "submitting" | "failed";
  /** The message whose component opened it. */
  readonly messageId: string | null;
}

export type InteractionKind = "command" | "autocomplete" | "component" | "modal";

/** What became of something a person did; the newest last. */
export interface InteractionState {
  readonly id: string;
  readonly kind: InteractionKind;
  readonly userId: string;
  readonly channelId: string;
  /** `db migrate`; empty unless it is a command. */
  readonly commandName: string;
  /** Of the pressed component or the submitted modal. */
  readonly customId: string | null;
  readonly messageId: string | null;
  readonly createdAtMs: number;
  /** `thinking`: deferred, the answer is still to come. */
  state: "waiting" | "thinking" | "answered" | "failed";
}

export interface Notification {
  readonly userId: string;
  readonly channelId: string;
  readonly messageId: string;
  readonly cause: "user" | "role" | "everyone";
  readonly text: string;
}

/** What a person sees when an interaction was not answered. */
export interface PersonError {
  readonly userId: string;
  readonly kind: InteractionKind;
  /** `not_connected`: no session of the app was there to hear of it. */
  readonly error: "did_not_respond" | "not_connected";
  /** The words on the screen. */
  readonly detail: string;
}

/** A request that real Discord would have refused, or a misuse. */
export interface Violation {
  /** Method and route. */
  readonly where: string;
  readonly code: number;
  readonly messages: readonly string[];
}

export interface AckLatency {
  readonly kind: InteractionKind;
  readonly ms: number;
  readonly acked: boolean;
}

export interface ApiCall {
  readonly method: string;
  /** Without `/api/v10`, with the query. */
  readonly path: string;
  /** `/channels/{channel}/messages`; the path itself when there is no such route. */
  readonly route: string;
  readonly body: unknown;
  /** HTTP status; 0 when the connection was left without an answer. */
  readonly status: number;
  /** Discord's error code. */
  readonly error?: number;
  readonly atMs: number;
}

export interface CommandChoice {
  readonly name: string;
  readonly value: string | number;
}

export interface CommandOption {
  /** 1 subcommand, 2 group, 3 string, 4 integer, 5 boolean, 6 user, 7 channel, 8 role, 9 mentionable, 10 number, 11 attachment. */
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly autocomplete?: boolean;
  readonly choices?: readonly CommandChoice[];
  readonly options?: readonly CommandOption[];
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
}

export interface RegisteredCommand {
  readonly id: string;
  readonly version: string;
  /** Null: registered globally. */
  readonly guildId: string | null;
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  /** Null: everyone; "0": administrators only. */
  readonly defaultMemberPermissions: string | null;
  /** Where it can be used; null: everywhere. 0 is in a guild. */
  readonly contexts: readonly number[] | null;
  /** The whole body as registered. */
  readonly raw: Json;
}
