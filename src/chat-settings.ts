import type { ChatSettings } from "./chat/index.ts";
import type { Config } from "./config.ts";
import type { Place } from "./core/member.ts";

/** The configuration as the chat adapters take it: secrets revealed, for them alone. */
export function chatSettings(config: Config): ChatSettings {
  const [slack, discord] = [slackSettings(config), discordSettings(config)];
  return { ...(slack && { slack }), ...(discord && { discord }) };
}

function slackSettings({ slack, support }: Config): ChatSettings["slack"] | null {
  if (!slack) return null;
  return {
    botToken: slack.botToken.reveal(),
    ...(slack.apiUrl && { apiUrl: slack.apiUrl }),
    ...(slack.mode === "socket" && { appToken: slack.appToken.reveal() }),
    ...(slack.mode === "http" && { signingSecret: slack.signingSecret.reveal(), port: slack.port }),
    support: {
      users: [...(support.slack?.users ?? [])],
      ...(support.slack?.usergroup && { usergroup: support.slack.usergroup }),
      ...(support.email && { email: support.email }),
    },
  };
}

function discordSettings({ discord, support }: Config): ChatSettings["discord"] | null {
  if (!discord) return null;
  return {
    token: discord.token.reveal(),
    applicationId: discord.applicationId,
    ...(discord.guildId && { guildId: discord.guildId }),
    ...(discord.apiUrl && { apiUrl: discord.apiUrl }),
    support: {
      users: [...(support.discord?.users ?? [])],
      ...(support.discord?.role && { role: support.discord.role }),
      ...(support.email && { email: support.email }),
    },
  };
}

/** Channels where migrations that began elsewhere are followed too. */
export function mirrorsOf({ mirror, discord }: Config): Place[] {
  const slack: Place[] = mirror.slack ? [{ platform: "slack", workspace: "", channel: mirror.slack }] : [];
  if (!mirror.discord) return slack;
  return [...slack, { platform: "discord", workspace: discord?.guildId ?? "", channel: mirror.discord }];
}
