import { isDeepStrictEqual } from "node:util";
import {
  type ChatPatch,
  type ChatSnapshot,
  keyOfMessage,
  type ListPatch,
  type PagePatch,
  type PageState,
} from "./page-state.ts";

/** What turns one state into the next; undefined when nothing changed. */
export function diffState(before: PageState, after: PageState): PagePatch | undefined {
  const slack = diffChat(before.slack, after.slack);
  const discord = diffChat(before.discord, after.discord);
  const patch = {
    ...(slack ? { slack } : {}),
    ...(discord ? { discord } : {}),
    ...(isDeepStrictEqual(before.demo, after.demo) ? {} : { demo: after.demo }),
  };
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function diffChat<S extends ChatSnapshot>(before: S | null, after: S | null): ChatPatch<S> | undefined {
  if (!before || !after) return undefined;
  const messages = diffList<S["messages"][number]>(before.messages, after.messages);
  const ephemerals = diffList<S["ephemerals"][number]>(before.ephemerals, after.ephemerals);
  const { messages: _messages, ephemerals: _ephemerals, ...rest } = after;
  const changed = Object.entries(rest).filter(
    ([name, value]) => !isDeepStrictEqual(before[name as keyof S], value),
  );
  const fields = Object.fromEntries(changed) as Partial<typeof rest>;
  const patch = {
    ...(messages ? { messages } : {}),
    ...(ephemerals ? { ephemerals } : {}),
    ...(changed.length > 0 ? { fields } : {}),
  };
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function diffList<T extends ChatSnapshot["messages"][number]>(
  before: readonly T[],
  after: readonly T[],
): ListPatch<T> | undefined {
  const known = new Map(before.map((item) => [keyOfMessage(item), item]));
  const changed = after.filter((item) => !isDeepStrictEqual(known.get(keyOfMessage(item)), item));
  for (const item of after) known.delete(keyOfMessage(item));
  const removed = [...known.keys()];
  return changed.length + removed.length > 0 ? { changed, removed } : undefined;
}
