import type { Snapshot as DiscordSnapshot } from "../discord/index.ts";
import type { Snapshot as SlackSnapshot } from "../slack/index.ts";
import type { DemoState } from "./demo-state.ts";
import type { PageSettings } from "./page-settings.ts";

/** Chat platforms that have a tab, in the order of the tabs. */
export const platforms = ["slack", "discord"] as const;
export type Platform = (typeof platforms)[number];

/** Everything the page draws; null where there is no such platform. */
export interface PageState {
  readonly slack: SlackSnapshot | null;
  readonly discord: DiscordSnapshot | null;
  readonly demo: DemoState;
}

/** The first event of the feed. */
export interface PageWelcome {
  readonly settings: PageSettings;
  readonly state: PageState;
}

/** What changed in a list whose items have a key. */
export interface ListPatch<T> {
  readonly changed: readonly T[];
  readonly removed: readonly string[];
}

type Keyed = { readonly channelId: string } & ({ readonly ts: string } | { readonly id: string });

/** What the snapshots of all platforms have; these lists are long and change one item at a time. */
export interface ChatSnapshot {
  readonly messages: readonly Keyed[];
  readonly ephemerals: readonly Keyed[];
}

/** What changed in one snapshot; a field that is left out is unchanged. */
export interface ChatPatch<S extends ChatSnapshot> {
  readonly messages?: ListPatch<S["messages"][number]>;
  readonly ephemerals?: ListPatch<S["ephemerals"][number]>;
  /** Whole fields of the snapshot, by name. */
  readonly fields?: Partial<Omit<S, keyof ChatSnapshot>>;
}

/** What changed since the event before; a field that is left out is unchanged. */
export interface PagePatch {
  readonly slack?: ChatPatch<SlackSnapshot>;
  readonly discord?: ChatPatch<DiscordSnapshot>;
  readonly demo?: DemoState;
}

/** A message's key; timestamps and ids are unique within one local server. */
export function keyOfMessage(message: Keyed): string {
  return `${message.channelId}/${"ts" in message ? message.ts : message.id}`;
}

/** The state after a patch; unchanged messages stay the same objects. */
export function applyPatch(state: PageState, patch: PagePatch): PageState {
  return {
    slack: applyChat(state.slack, patch.slack),
    discord: applyChat(state.discord, patch.discord),
    demo: patch.demo ?? state.demo,
  };
}

function applyChat<S extends ChatSnapshot>(chat: S | null, patch: ChatPatch<S> | undefined): S | null {
  if (!chat || !patch) return chat;
  return {
    ...chat,
    ...patch.fields,
    messages: applyList(chat.messages, patch.messages),
    ephemerals: applyList(chat.ephemerals, patch.ephemerals),
  };
}

function applyList<T extends Keyed>(items: readonly T[], patch: ListPatch<T> | undefined): readonly T[] {
  if (!patch) return items;
  const changed = new Map(patch.changed.map((item) => [keyOfMessage(item), item]));
  const removed = new Set(patch.removed);
  const kept = items.flatMap((item) => {
    const key = keyOfMessage(item);
    if (removed.has(key)) return [];
    const next = changed.get(key) ?? item;
    changed.delete(key);
    return [next];
  });
  return [...kept, ...changed.values()];
}
