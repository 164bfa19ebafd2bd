import type { PageSettings } from "../../page-settings.ts";
import type { PagePatch, PageState, PageWelcome, Platform } from "../../page-state.ts";
import type { TextBlock } from "../text/inline.ts";
import type { Reads } from "./reads.ts";

/** What the main column shows. */
export type Place =
  | { readonly kind: "channel"; readonly channelId: string }
  | { readonly kind: "activity" }
  | { readonly kind: "app" };

/** A message or, by the message it began with, a thread. Ids are Slack's timestamps and Discord's snowflakes. */
export interface MessageKey {
  readonly channelId: string;
  readonly id: string;
}

/** Each person has a screen of their own. */
export interface Screen {
  readonly place: Place;
  readonly thread: MessageKey | null;
}

export interface Toast {
  readonly id: number;
  readonly tone: "error" | "mention";
  readonly title: string;
  /** A string is plain text. */
  readonly text: string | readonly TextBlock[];
  /** Where *Open* leads. */
  readonly opens?: MessageKey;
}

/** Whom the visitor is, and on which platform. */
export interface Visit {
  readonly tab: Platform;
  /** A name; the person has an id of their own on each platform. */
  readonly person: string;
}

export interface UiState extends Visit {
  readonly connection: "open" | "lost";
  readonly settings: PageSettings;
  readonly server: PageState;
  /** By user id. */
  readonly screens: Readonly<Record<string, Screen>>;
  /** The newest message read, by person and place; see `readKey`. */
  readonly reads: Reads;
  /** Ids of answers that the person put out of sight. */
  readonly dismissed: ReadonlySet<string>;
  readonly toasts: readonly Toast[];
  readonly nextToastId: number;
}

export type UiEvent =
  | { readonly type: "welcome"; readonly welcome: PageWelcome; readonly wanted: Partial<Visit> }
  | { readonly type: "patch"; readonly patch: PagePatch }
  | { readonly type: "lost" }
  | { readonly type: "visit"; readonly visit: Partial<Visit> }
  | { readonly type: "go"; readonly place: Place }
  | { readonly type: "open-thread"; readonly thread: MessageKey | null }
  | ({ readonly type: "open-message" } & MessageKey)
  | { readonly type: "read"; readonly key: string; readonly id: string }
  | { readonly type: "put-away"; readonly id: string }
  | { readonly type: "toast"; readonly toast: Omit<Toast, "id"> }
  | { readonly type: "dismiss"; readonly id: number };
