import type { ChannelOptions, GroupOptions, PersonOptions } from "./people.ts";

/** What the manifest's required and optional scopes grant, without `chat:write.public`. */
export const defaultScopes: readonly string[] = [
  "commands",
  "chat:write",
  "usergroups:read",
  "users:read",
  "users:read.email",
  "channels:read",
  "groups:read",
  "files:write",
  "im:write",
];

export interface LocalSlackOptions {
  /** 0 or left out: any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** Scopes of the bot token. */
  readonly scopes?: readonly string[];
  /** Where the app takes signed HTTP requests. Left out: Socket Mode. */
  readonly requestUrl?: string;
  /** `slack`: tiers per method and one post a second per channel. Default `off`. */
  readonly rateLimits?: "slack" | "off";
  /** How long Slack waits for an acknowledgement, 3000 ms unless a test wants less. */
  readonly ackTimeoutMs?: number;
  /** How long the driver's waits last unless told otherwise; 5000 ms. */
  readonly waitTimeoutMs?: number;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** In place of the default people. */
  readonly users?: readonly PersonOptions[];
  readonly groups?: readonly GroupOptions[];
  readonly channels?: readonly ChannelOptions[];
}

export interface Settings {
  readonly teamId: string;
  readonly teamDomain: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly ackTimeoutMs: number;
  readonly waitTimeoutMs: number;
  requestUrl: string | undefined;
  rateLimits: "slack" | "off";
}

export function settingsFrom(options: LocalSlackOptions): Settings {
  return {
    teamId: "T0LOCAL",
    teamDomain: "local",
    appId: "A0GODWIT",
    botId: "B0GODWIT",
    botUserId: "U0GODWIT",
    botToken: options.botToken ?? "xoxb-local-bot-token",
    appToken: options.appToken ?? "xapp-1-A0GODWIT-local-app-token",
    signingSecret: options.signingSecret ?? "local-signing-secret",
    ackTimeoutMs: options.ackTimeoutMs ?? 3000,
    waitTimeoutMs: options.waitTimeoutMs ?? 5000,
    requestUrl: options.requestUrl,
    rateLimits: options.rateLimits ?? "off",
  };
}
