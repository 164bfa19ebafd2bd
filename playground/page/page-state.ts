import type { Snapshot } from "../slack/index.ts";
import type { DemoState } from "./demo-state.ts";
import type { PageSettings } from "./page-settings.ts";

/** Everything the page draws. */
export interface PageState {
  readonly slack: Snapshot;
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

type SlackLists = Pick<Snapshot, "messages" | "ephemerals">;
type SlackRest = Omit<Snapshot, keyof SlackLists>;

/** What changed since the event before; a field that is left out is unchanged. */
export interface PagePatch {
  readonly messages?: ListPatch<Snapshot["messages"][number]>;
  readonly ephemerals?: ListPatch<Snapshot["ephemerals"][number]>;
  /** Whole fields of the snapshot, by name. */
  readonly slack?: Partial<SlackRest>;
  readonly demo?: DemoState;
}

interface Keyed {
  readonly channelId: string;
  readonly ts: string;
}

/** A message's key; timestamps are unique within one local Slack. */
export function keyOfMessage({ channelId, ts }: Keyed): string {
  return `${channelId}/${ts}`;
}

/** The state after a patch; unchanged messages stay the same objects. */
export function applyPatch(state: PageState, patch: PagePatch): PageState {
  const { slack } = state;
  return {
    demo: patch.demo ?? state.demo,
    slack: {
      ...slack,
      ...patch.slack,
      messages: applyList(slack.messages, patch.messages),
      ephemerals: applyList(slack.ephemerals, patch.ephemerals),
    },
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
