import type { Block } from "./blocks/block.ts";

export type Json = Record<string, unknown>;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly teamId: string;
  readonly email: string;
  readonly timezone: string;
  isAdmin: boolean;
  isRestricted: boolean;
  isUltraRestricted: boolean;
  isBot: boolean;
  isStranger: boolean;
  deleted: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  users: string[];
  /** Seconds since 1970 when the group was disabled; 0 while it is enabled (Slack: usergroups.list). */
  dateDelete: number;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private" | "im";
  members: string[];
  hasBot: boolean;
  isArchived: boolean;
  isExtShared: boolean;
}

export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Json;
}

/** A message as the local Slack keeps it; JSON-serialisable. */
export interface Message {
  readonly ts: string;
  readonly channelId: string;
  readonly userId: string;
  text: string;
  blocks: Block[];
  metadata?: MessageMetadata;
  readonly threadTs?: string;
  readonly isBroadcast: boolean;
  /** True once edited with text alone; Slack shows no "edited" mark when an app sends blocks (Slack: chat.update). */
  isMarkedEdited: boolean;
  editCount: number;
  isDeleted: boolean;
  files: UploadedFile[];
  /** Element values chosen in the message, by block_id and action_id. */
  state: StateValues;
}

export interface EphemeralMessage extends Message {
  readonly ephemeralFor: string;
}

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly content: string;
  readonly sizeBytes: number;
}

export interface SelectedOption {
  readonly text: { readonly type: string; readonly text: string };
  readonly value?: string | undefined;
}

/** One element's value in `view.state.values`; which fields are there depends on `type` (Slack: view payloads). */
export interface StateValue {
  readonly type: string;
  readonly value?: string | null;
  readonly selected_option?: SelectedOption | null;
  readonly selected_options?: readonly SelectedOption[];
  readonly selected_date?: string | null;
  readonly selected_time?: string | null;
  readonly selected_date_time?: number | null;
  readonly selected_user?: string | null;
  readonly selected_users?: readonly string[];
  readonly selected_channel?: string | null;
  readonly selected_channels?: readonly string[];
  readonly selected_conversation?: string | null;
  readonly selected_conversations?: readonly string[];
}

export type StateValues = Record<string, Record<string, StateValue>>;

/** A view in the shape Slack sends and answers with. */
export interface WireView {
  readonly id: string;
  readonly type: "modal" | "home";
  readonly team_id: string;
  readonly app_id: string;
  readonly app_installed_team_id: string;
  readonly bot_id: string;
  readonly blocks: Block[];
  readonly title: { type: "plain_text"; text: string };
  readonly close: { type: "plain_text"; text: string } | null;
  readonly submit: { type: "plain_text"; text: string } | null;
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly external_id: string;
  readonly hash: string;
  readonly clear_on_close: boolean;
  readonly notify_on_close: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  readonly state: { readonly values: StateValues };
}

export interface OpenView {
  readonly userId: string;
  wire: WireView;
  /** What a person reads beside the inputs after a refused submission, by block_id. */
  errors: Record<string, string>;
  /** Options last loaded for each external select, by `block_id/action_id`. */
  suggestions: Record<string, SelectedOption[]>;
}

export interface Notification {
  readonly userId: string;
  readonly channelId: string;
  readonly ts: string;
  readonly cause: "user" | "usergroup" | "broadcast";
  readonly text: string;
}

/** What a person sees when Slack could not hand their action to the app. */
export interface PersonError {
  readonly userId: string;
  readonly error: "operation_timeout" | "dispatch_failed" | "invalid_response";
  readonly kind: InteractionKind;
  readonly detail: string;
}

export type InteractionKind =
  | "command"
  | "block_actions"
  | "view_submission"
  | "view_closed"
  | "block_suggestion"
  | "event";

export interface AckLatency {
  readonly kind: InteractionKind;
  readonly ms: number;
  readonly acked: boolean;
}

/** A payload that real Slack would have refused. */
export interface Violation {
  readonly where: string;
  readonly error: string;
  readonly messages: readonly string[];
}

export interface ApiCall {
  readonly method: string;
  readonly args: Json;
  readonly atMs: number;
  /** HTTP status; 0 when the connection was left without an answer. */
  readonly status: number;
  readonly error?: string;
}
