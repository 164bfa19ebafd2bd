import type { TextBlock } from "../text/inline.ts";
import type { Reads, Unread } from "./reads.ts";
import type { MessageKey, Screen } from "./ui-state.ts";

/** Someone was called by name or by group. */
export interface Call extends MessageKey {
  readonly userId: string;
  readonly text: string | readonly TextBlock[];
}

/** Something a person did went wrong. */
export interface Trouble {
  readonly userId: string;
  readonly title: string;
  readonly text: string;
  /** Whether the place itself says so, where it happened. */
  readonly isToldInPlace: boolean;
}

/** One platform's snapshot in the words that all platforms share: what the page around the places knows of it. */
export interface ChatView {
  readonly name: string;
  readonly isConnected: boolean;
  readonly people: readonly { readonly id: string; readonly name: string; readonly displayName: string }[];
  /** What a person sees at the start. */
  readonly firstScreen: Screen;
  /** Ids of all messages, oldest first. */
  readonly messageIds: () => readonly string[];
  readonly calls: readonly Call[];
  readonly troubles: readonly Trouble[];
  /** Where a message is read, beside what is open; undefined when it is gone. */
  readonly screenFor: (message: MessageKey, open: Screen) => Screen | undefined;
  readonly unread: (reads: Reads, userId: string) => Unread;
}
