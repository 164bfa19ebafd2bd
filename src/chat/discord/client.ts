import { Client, Options, REST } from "discord.js";
import type { Log } from "../../core/ports/log.ts";
import type { DiscordConfig } from "./config.ts";

/** An interaction must be answered within 3 s, so a call that answers a person gives up before that. */
const INTERACTIVE_TIMEOUT_MS = 2_500;
const STREAMING_TIMEOUT_MS = 10_000;
/** 10,000 refused requests within 10 min lock a whole machine out (Discord, "Rate Limits"). */
const WARN_EVERY = 100;

/** Several clients, because one rate limit can hold up a whole client: posting never delays an answer to a person. */
export interface DiscordClients {
  /** First responses to interactions. It never retries by itself: whether one may have arrived must be known. */
  readonly acknowledging: REST;
  /** Later answers to interactions, commands, looking things up. */
  readonly interactive: REST;
  /** Posts and edits of the outbox. It never retries or waits by itself: the outbox does both. */
  readonly streaming: REST;
}

interface ClientOptions {
  readonly log: Log;
  /** Called when Discord refuses the token itself. */
  readonly onRefused: () => void;
}

/** Makes the clients for one bot token. */
export function createClients(config: DiscordConfig, options: ClientOptions): DiscordClients {
  const shared = { api: config.apiUrl, version: "10", invalidRequestWarningInterval: WARN_EVERY };
  const acknowledging = new REST({ ...shared, retries: 0, timeout: INTERACTIVE_TIMEOUT_MS });
  const interactive = new REST({ ...shared, retries: 1, timeout: INTERACTIVE_TIMEOUT_MS });
  const streaming = new REST({
    ...shared,
    retries: 0,
    timeout: STREAMING_TIMEOUT_MS,
    rejectOnRateLimit: () => true,
  });
  for (const rest of [acknowledging, interactive, streaming]) watch(rest.setToken(config.token), options);
  return { acknowledging, interactive, streaming };
}

/**
 * Makes the gateway's client. It has no intents: interactions need none (Discord, "Gateway", Intents). What it
 * would cache is never read, so it keeps next to nothing.
 */
export function createGatewayClient(config: DiscordConfig): Client {
  const makeCache = Options.cacheWithLimits({ MessageManager: 0, GuildMemberManager: 0, UserManager: 1 });
  return new Client({ intents: [], makeCache, rest: { api: config.apiUrl, version: "10" } });
}

function watch(rest: REST, { log, onRefused }: ClientOptions): void {
  rest.on("rateLimited", ({ route, retryAfter, global }) =>
    log.debug({ route, retryAfterMs: retryAfter, isGlobal: global }, "discord rate limit"),
  );
  rest.on("invalidRequestWarning", ({ count, remainingTime }) =>
    log.warn({ count, remainingMs: remainingTime }, "discord refuses many requests"),
  );
  rest.on("response", ({ data }, { status }) => {
    if (status === 401 && data.auth !== false) onRefused();
  });
}
