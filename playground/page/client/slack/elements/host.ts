import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Block } from "../../../../slack/blocks/block.ts";
import type { StateValue, StateValues } from "../../../../slack/model.ts";
import type { PersonAction } from "../store/use-act.ts";

/** Where a message or a view stands, as `act` takes it. */
export type HostPlace = { readonly channel: string; readonly message: string } | { readonly view: string };

/** What the elements of one message or view share. */
export interface Host {
  readonly place: HostPlace;
  readonly blocks: readonly Block[];
  readonly values: StateValues;
  /** What is wrong with an input, by block_id. */
  readonly errors: Readonly<Record<string, string>>;
  readonly act: (action: PersonAction) => Promise<unknown>;
  /** A typed text that is not sent yet; a form sends all of them before it is submitted. */
  readonly holdBack: (key: string, send: (() => Promise<unknown>) | null) => void;
}

/** One element in its block. */
export interface Spot {
  readonly blockId: string;
  readonly actionId: string;
}

export const HostContext = createContext<Host | null>(null);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error("an element stands outside a message or a view");
  return host;
}

export function valueOf({ values }: Host, { blockId, actionId }: Spot): StateValue | undefined {
  return values[blockId]?.[actionId];
}
