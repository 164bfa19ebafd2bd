import {
  applicationId,
  type ChannelOptions,
  defaultPeople,
  guildId,
  type PersonOptions,
  type RoleOptions,
} from "./people.ts";
import { defaultBotPermissions } from "./permissions.ts";

export interface LocalDiscordOptions {
  /** 0 or left out: any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** How long the driver's waits last unless told otherwise; 5000 ms. */
  readonly waitTimeoutMs?: number;
  /** `discord`: 5 posts and 5 edits in 5 s per channel, 50 requests a second in all. Default `off`. */
  readonly rateLimits?: "discord" | "off";
  /** What the bot may do in channels; what Godwit needs when left out. */
  readonly botPermissions?: bigint;
  /** 41250 ms unless a test wants less. */
  readonly heartbeatIntervalMs?: number;
  /** Time for the first response, 3000 ms unless a test wants less; later ones answer 10062. */
  readonly interactionTimeoutMs?: number;
  /** IDENTIFYs that may come within 5 s per shard; 16, as of a large bot, unless a test wants fewer. */
  readonly maxConcurrency?: number;
  /** IDENTIFYs that are left today; 1000. One more resets the token. */
  readonly identifyBudget?: number;
  /** Privileged intents that are switched on for the application; none. */
  readonly privilegedIntents?: number;
  readonly token?: string;
  /** In place of the default people. */
  readonly people?: readonly PersonOptions[];
  readonly roles?: readonly RoleOptions[];
  readonly channels?: readonly ChannelOptions[];
}

export interface Settings {
  readonly guildId: string;
  readonly guildName: string;
  readonly ownerId: string;
  /** Also the id of the bot's user. */
  readonly applicationId: string;
  readonly waitTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly interactionTimeoutMs: number;
  readonly maxConcurrency: number;
  readonly identifyBudget: number;
  readonly privilegedIntents: number;
  token: string;
  isTokenRevoked: boolean;
  botPermissions: bigint;
  rateLimits: "discord" | "off";
}

export function settingsFrom(options: LocalDiscordOptions): Settings {
  return {
    guildId,
    guildName: "Acme",
    ownerId: defaultPeople.find(({ name }) => name === "admin")?.id ?? applicationId,
    applicationId,
    waitTimeoutMs: options.waitTimeoutMs ?? 5000,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    interactionTimeoutMs: options.interactionTimeoutMs ?? 3000,
    maxConcurrency: options.maxConcurrency ?? 16,
    identifyBudget: options.identifyBudget ?? 1000,
    privilegedIntents: options.privilegedIntents ?? 0,
    token: options.token ?? "local-discord-bot-token",
    isTokenRevoked: false,
    botPermissions: options.botPermissions ?? defaultBotPermissions,
    rateLimits: options.rateLimits ?? "off",
  };
}
