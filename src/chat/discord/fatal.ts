import { DiscordjsError, DiscordjsErrorCodes, GatewayCloseCodes } from "discord.js";
import { GodwitError } from "../../core/failure.ts";
import { discordCode, isRefused } from "./errors.ts";

/** A close code after which a connection must not be tried again (Discord, "Opcodes and Status Codes"). */
export interface Fatal {
  readonly code: number;
}

const NEW_TOKEN =
  "Set DISCORD_TOKEN to the token on the application's Bot page; reset it there if it has leaked.";
const SHARDS =
  "The bot is in too many servers for one connection. Serve fewer, or run one Godwit per group of servers.";
const REMEDIES: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: NEW_TOKEN,
  [GatewayCloseCodes.InvalidShard]: SHARDS,
  [GatewayCloseCodes.ShardingRequired]: SHARDS,
  [GatewayCloseCodes.InvalidAPIVersion]: "Upgrade Godwit: Discord has switched this version of its API off.",
  [GatewayCloseCodes.InvalidIntents]: "Upgrade Godwit: Discord has changed its intents.",
  [GatewayCloseCodes.DisallowedIntents]: "Upgrade Godwit: Discord has changed its intents.",
};

/** Whether the library says that the token is wrong. */
export function isFatalError(error: unknown): boolean {
  return (
    isRefused(error) || (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid)
  );
}

/** What is told when the gateway was closed for good. */
export function closedForGood({ code }: Fatal): GodwitError {
  const name = GatewayCloseCodes[code] ?? "unknown";
  return new GodwitError({
    code: "discord-refused",
    summary: `Discord has closed the gateway for good: ${code} (${name}).`,
    remedy: REMEDIES[code] ?? NEW_TOKEN,
  });
}

/** What is told when the REST API refuses the token. */
export function tokenRefused(cause?: unknown): GodwitError {
  const summary = "Discord refuses the bot token: 401.";
  return new GodwitError({ code: "discord-refused", summary, remedy: NEW_TOKEN, cause });
}

/** What is told when Godwit cannot start: the token or the application is wrong, or Discord is out of reach. */
export function startError(cause: unknown): GodwitError {
  if (cause instanceof GodwitError) return cause;
  if (isRefused(cause)) return tokenRefused(cause);
  const code = discordCode(cause);
  return new GodwitError({
    code: "discord-unreachable",
    class: "transient",
    summary: code === null ? "Discord cannot be reached." : `Discord does not answer as it should: ${code}.`,
    remedy: "Check DISCORD_API_URL and the network, then start Godwit again.",
    cause,
  });
}
