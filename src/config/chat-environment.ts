import { Secret } from "../core/secret.ts";
import type { Variables } from "./variables.ts";

/** How Godwit talks to Slack: over a socket it opens itself, or over HTTP that Slack calls. */
export type SlackConfig =
  | {
      readonly mode: "socket";
      readonly botToken: Secret;
      readonly appToken: Secret;
      /** Base of the Web API; null means Slack's own. */
      readonly apiUrl: string | null;
    }
  | {
      readonly mode: "http";
      readonly botToken: Secret;
      readonly signingSecret: Secret;
      readonly port: number;
      readonly apiUrl: string | null;
    };

/** How Godwit talks to Discord. */
export interface DiscordConfig {
  readonly token: Secret;
  readonly applicationId: string;
  /** With a guild ID commands register there, else globally. */
  readonly guildId: string | null;
  /** Base of the REST API; null means Discord's own. */
  readonly apiUrl: string | null;
}

/** A platform's settings; `config` is null when the platform is off or when there are problems. */
interface Read<T> {
  readonly config: T | null;
  readonly problems: readonly string[];
}

/** Reads Slack's variables: a bot token with an app token (Socket Mode) or a signing secret (HTTP mode). */
export function readSlack(variables: Variables): Read<SlackConfig> {
  const bot = variables.SLACK_BOT_TOKEN;
  const [app, signing] = [variables.SLACK_APP_TOKEN, variables.SLACK_SIGNING_SECRET];
  if (bot === undefined) return app === undefined && signing === undefined ? off() : wrong(NO_BOT_TOKEN);
  if (bot.startsWith("xapp-")) return wrong(SWAPPED);
  const common = { botToken: new Secret(bot), apiUrl: variables.SLACK_API_URL ?? null };
  if (app !== undefined) return on({ mode: "socket", ...common, appToken: new Secret(app) });
  if (signing === undefined) return wrong(NO_SLACK_MODE);
  return on({ mode: "http", ...common, signingSecret: new Secret(signing), port: variables.PORT });
}

const NO_BOT_TOKEN = "SLACK_BOT_TOKEN is not set; copy the bot token (xoxb-…) from the app's OAuth page.";
const SWAPPED = "SLACK_BOT_TOKEN: the value is an app token (xapp-…); put it in SLACK_APP_TOKEN.";
const NO_SLACK_MODE =
  "SLACK_BOT_TOKEN is set alone; set SLACK_APP_TOKEN too (Socket Mode), or SLACK_SIGNING_SECRET (HTTP mode).";

/** Reads Discord's variables. */
export function readDiscord(variables: Variables): Read<DiscordConfig> {
  const [token, application] = [variables.DISCORD_TOKEN, variables.DISCORD_APPLICATION_ID];
  if (token === undefined && application === undefined) return off();
  if (token === undefined) return wrong("DISCORD_TOKEN is not set; copy it from the application's Bot page.");
  if (application === undefined)
    return wrong("DISCORD_APPLICATION_ID is not set; copy it from the application's General page.");
  return on({
    token: new Secret(token),
    applicationId: application,
    guildId: variables.DISCORD_GUILD_ID ?? null,
    apiUrl: variables.DISCORD_API_URL ?? null,
  });
}

function off<T>(): Read<T> {
  return { config: null, problems: [] };
}

function on<T>(config: T): Read<T> {
  return { config, problems: [] };
}

function wrong<T>(problem: string): Read<T> {
  return { config: null, problems: [problem] };
}
