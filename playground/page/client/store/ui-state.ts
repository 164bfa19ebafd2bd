import type { PageSettings } from "../../page-settings.ts";
import type { PagePatch, PageState, PageWelcome } from "../../page-state.ts";

/** What the main column shows. */
export type Place =
  | { readonly kind: "channel"; readonly channelId: string }
  | { readonly kind: "activity" }
  | { readonly kind: "app" };

export interface ThreadKey {
  readonly channelId: string;
  readonly ts: string;
}

/** Each person has a screen of their own. */
export interface Screen {
  readonly place: Place;
  readonly thread: ThreadKey | null;
}

export interface Toast {
  readonly id: number;
  readonly tone: "error" | "mention";
  readonly title: string;
  readonly text: string;
  /** Where *Open* leads. */
  readonly opens?: { readonly channelId: string; readonly ts: string };
}

export interface UiState {
  readonly connection: "open" | "lost";
  readonly settings: PageSettings;
  readonly server: PageState;
  /** The user id of the person whom the visitor is. */
  readonly actingAs: string;
  readonly screens: Readonly<Record<string, Screen>>;
  /** The newest message read, by person and place; see `readKey`. */
  readonly reads: Readonly<Record<string, string>>;
  readonly toasts: readonly Toast[];
  readonly nextToastId: number;
}

export type UiEvent =
  | { readonly type: "welcome"; readonly welcome: PageWelcome; readonly wanted: string }
  | { readonly type: "patch"; readonly patch: PagePatch }
  | { readonly type: "lost" }
  | { readonly type: "become"; readonly userId: string }
  | { readonly type: "go"; readonly place: Place }
  | { readonly type: "open-thread"; readonly thread: ThreadKey | null }
  | { readonly type: "open-message"; readonly channelId: string; readonly ts: string }
  | { readonly type: "read"; readonly key: string; readonly ts: string }
  | { readonly type: "toast"; readonly toast: Omit<Toast, "id"> }
  | { readonly type: "dismiss"; readonly id: number };

/** The screen of the person whom the visitor is. */
export function screenOf(state: UiState): Screen {
  return state.screens[state.actingAs] ?? firstScreen(state.server);
}

/** A person starts in the first channel they are in. */
export function firstScreen({ slack }: PageState): Screen {
  const channel = slack.channels.find(({ kind }) => kind !== "im");
  const place: Place = channel ? { kind: "channel", channelId: channel.id } : { kind: "activity" };
  return { place, thread: null };
}
