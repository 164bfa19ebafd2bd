import type { PlatformId } from "../core/member.ts";
import type { ChatPort } from "../core/ports/chat.ts";
import type { ChatDependencies } from "./dependencies.ts";
import type { DiscordSettings } from "./discord/config.ts";
import { createDiscordChat } from "./discord/index.ts";
import type { SlackSettings } from "./slack/config.ts";
import { createSlackChat } from "./slack/index.ts";

/** Settings of each chat platform that is configured. */
export interface ChatSettings {
  readonly slack?: SlackSettings;
  readonly discord?: DiscordSettings;
}

type Create<Settings> = (settings: Settings, deps: ChatDependencies) => ChatPort;

/** Every chat platform that Godwit speaks. A new one is a folder, a line here and its settings above. */
export const CHAT_PLATFORMS: {
  readonly [Platform in keyof Required<ChatSettings>]: Create<Required<ChatSettings>[Platform]>;
} = {
  slack: createSlackChat,
  discord: createDiscordChat,
};

/** Makes the adapters of the configured platforms; `depsOf` tells each who may migrate there. */
export function createChats(
  settings: ChatSettings,
  depsOf: (platform: PlatformId) => ChatDependencies,
): ChatPort[] {
  const { slack, discord } = settings;
  return [
    ...(slack === undefined ? [] : [CHAT_PLATFORMS.slack(slack, depsOf("slack"))]),
    ...(discord === undefined ? [] : [CHAT_PLATFORMS.discord(discord, depsOf("discord"))]),
  ];
}
