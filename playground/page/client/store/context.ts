import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ActPath } from "./send.ts";
import type { UiEvent } from "./ui-state.ts";

export interface PersonEntry {
  readonly id: string;
  /** What one types after an at sign. */
  readonly name: string;
  readonly displayName: string;
  readonly isBot: boolean;
  /** Left the workspace or the server. */
  readonly isGone: boolean;
  /** Of the name, as CSS takes it; null: that of the text. */
  readonly color: string | null;
}

/** Slack's user groups and Discord's roles. */
export interface GroupEntry {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  readonly memberIds: readonly string[];
  readonly color: string | null;
}

export interface ChannelEntry {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private" | "direct" | "thread";
  /** The channel that a thread hangs below. */
  readonly parentId: string | null;
  readonly isArchived: boolean;
}

/** Names behind ids, and who the reader is. It stays the same object while nobody joins or leaves. */
export interface Directory {
  readonly meId: string;
  readonly botUserId: string;
  readonly users: ReadonlyMap<string, PersonEntry>;
  readonly groups: ReadonlyMap<string, GroupEntry>;
  readonly channels: ReadonlyMap<string, ChannelEntry>;
}

/** What components can do; it stays the same object while the visitor is the same person. */
export interface Actions {
  readonly dispatch: (event: UiEvent) => void;
  /** Acts as the person; what goes wrong becomes a toast, and the result is undefined. */
  readonly send: (path: ActPath, action: object) => Promise<unknown>;
}

export const DirectoryContext = createContext<Directory | null>(null);
export const ActionsContext = createContext<Actions | null>(null);

export function useDirectory(): Directory {
  return present(useContext(DirectoryContext));
}

export function useActions(): Actions {
  return present(useContext(ActionsContext));
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error("a component stands outside the page");
  return value;
}
