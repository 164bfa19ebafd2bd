import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Snapshot } from "../../../slack/index.ts";
import type { PersonAction } from "./send.ts";
import type { UiEvent } from "./ui-state.ts";

type Person = Snapshot["users"][number];

/** Names behind ids, and who the reader is. It stays the same object while nobody joins or leaves. */
export interface Directory {
  readonly meId: string;
  readonly botUserId: string;
  readonly users: ReadonlyMap<string, Person>;
  readonly groups: ReadonlyMap<string, Snapshot["groups"][number]>;
  readonly channels: ReadonlyMap<string, Snapshot["channels"][number]>;
}

/** What components can do; it stays the same object while the visitor is the same person. */
export interface Actions {
  readonly dispatch: (event: UiEvent) => void;
  /** Acts as the person; what goes wrong becomes a toast, and the result is undefined. */
  readonly act: (action: PersonAction) => Promise<unknown>;
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
