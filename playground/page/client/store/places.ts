import { type PageState, type Platform, platforms } from "../../page-state.ts";
import { discordView } from "../discord/store/discord-view.ts";
import { slackView } from "../slack/store/slack-view.ts";
import type { ChatView } from "./chat-view.ts";
import type { Screen, UiState, Visit } from "./ui-state.ts";

/** The platforms that are there, in the order of the tabs. */
export function presentPlatforms(server: PageState): Platform[] {
  return platforms.filter((platform) => server[platform] !== null);
}

/** What the page knows of one platform; undefined where it is not there. */
export function viewOf({ slack, discord }: PageState, platform: Platform): ChatView | undefined {
  switch (platform) {
    case "slack":
      return slack ? slackView(slack) : undefined;
    case "discord":
      return discord ? discordView(discord) : undefined;
  }
}

/** The id of the person on the platform; empty when they are not there. */
export function idOf(state: Visit & { readonly server: PageState }, platform = state.tab): string {
  const people = viewOf(state.server, platform)?.people ?? [];
  return people.find(({ name }) => name === state.person)?.id ?? "";
}

/** The screen of the person whom the visitor is. */
export function screenOf(state: UiState): Screen {
  const start = viewOf(state.server, state.tab)?.firstScreen;
  return state.screens[idOf(state)] ?? start ?? { place: { kind: "activity" }, thread: null };
}
