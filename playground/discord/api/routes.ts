import { getGlobalCommands, getGuildCommands, putGlobalCommands, putGuildCommands } from "./commands.ts";
import {
  getGatewayBot,
  getGuild,
  getGuildMember,
  getGuildRoles,
  getOwnApplication,
  getOwnUser,
} from "./guild.ts";
import { postCallback } from "./interaction-callback.ts";
import { deleteMessage, getMessage, getMessages, patchMessage, postMessage } from "./messages.ts";
import type { Route } from "./route.ts";
import {
  deleteChannel,
  deleteThreadMember,
  getChannel,
  getThreadMembers,
  patchChannel,
  postMessageThread,
  postThread,
  putThreadMember,
} from "./threads.ts";
import { deleteAnswer, getAnswer, patchAnswer, postFollowUp } from "./webhooks.ts";

const routes = [
  getGatewayBot,
  getOwnUser,
  getOwnApplication,
  getGuild,
  getGuildRoles,
  getGuildMember,
  getGlobalCommands,
  putGlobalCommands,
  getGuildCommands,
  putGuildCommands,
  postCallback,
  postFollowUp,
  getAnswer,
  patchAnswer,
  deleteAnswer,
  getMessages,
  postMessage,
  getMessage,
  patchMessage,
  deleteMessage,
  postMessageThread,
  postThread,
  getChannel,
  patchChannel,
  deleteChannel,
  getThreadMembers,
  putThreadMember,
  deleteThreadMember,
] as const;

/** `POST /channels/{channel}/messages` and its like. */
export type RouteName = (typeof routes)[number]["name"];

export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const patterns = routes.map((route: Route) => {
  const [method = "", path = ""] = route.name.split(" ");
  const source = path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return { method, pattern: new RegExp(`^${source}$`), route };
});

/** @param path decoded, without `/api/v10` */
export function findRoute(method: string, path: string): FoundRoute | undefined {
  for (const { method: wanted, pattern, route } of patterns) {
    const match = wanted === method ? pattern.exec(path) : null;
    if (match) return { route, params: { ...match.groups } };
  }
  return undefined;
}
