import { isDeepStrictEqual } from "node:util";
import { keyOfMessage, type ListPatch, type PagePatch, type PageState } from "./page-state.ts";

const wholeFields = [
  "team",
  "botUserId",
  "connections",
  "users",
  "groups",
  "channels",
  "modals",
  "homes",
  "notifications",
  "errors",
] as const satisfies readonly (keyof PageState["slack"])[];

/** What turns one state into the next; undefined when nothing changed. */
export function diffState(before: PageState, after: PageState): PagePatch | undefined {
  const messages = diffList(before.slack.messages, after.slack.messages);
  const ephemerals = diffList(before.slack.ephemerals, after.slack.ephemerals);
  const changed = wholeFields.filter((name) => !isDeepStrictEqual(before.slack[name], after.slack[name]));
  const slack = Object.fromEntries(changed.map((name) => [name, after.slack[name]]));
  const patch = {
    ...(messages ? { messages } : {}),
    ...(ephemerals ? { ephemerals } : {}),
    ...(changed.length > 0 ? { slack } : {}),
    ...(isDeepStrictEqual(before.demo, after.demo) ? {} : { demo: after.demo }),
  };
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function diffList<T extends { readonly channelId: string; readonly ts: string }>(
  before: readonly T[],
  after: readonly T[],
): ListPatch<T> | undefined {
  const known = new Map(before.map((item) => [keyOfMessage(item), item]));
  const changed = after.filter((item) => !isDeepStrictEqual(known.get(keyOfMessage(item)), item));
  for (const item of after) known.delete(keyOfMessage(item));
  const removed = [...known.keys()];
  return changed.length + removed.length > 0 ? { changed, removed } : undefined;
}
