import { type Logger, LogLevel } from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import type { Log } from "../../core/ports/log.ts";
import type { SlackConfig } from "./config.ts";

/** A trigger lives 3 s, so a call that answers a person must give up before that. */
const INTERACTIVE_TIMEOUT_MS = 2_500;
const STREAMING_TIMEOUT_MS = 10_000;

/** Two clients, because one 429 can hold up a whole client: posting never delays an answer to a person. */
export interface SlackClients {
  /** Modals, ephemerals, looking people up. */
  readonly interactive: WebClient;
  /** Posts and edits of the outbox. It never retries by itself: a repeated post would stand there twice. */
  readonly streaming: WebClient;
}

/** Makes both clients for one workspace's bot token. */
export function createClients(config: SlackConfig, log: Log): SlackClients {
  const shared = { slackApiUrl: config.apiUrl, rejectRateLimitedCalls: true, logger: slackLogger(log) };
  const interactive = {
    ...shared,
    retryConfig: { retries: 1, minTimeout: 100 },
    timeout: INTERACTIVE_TIMEOUT_MS,
  };
  const streaming = { ...shared, retryConfig: { retries: 0 }, timeout: STREAMING_TIMEOUT_MS };
  return {
    interactive: new WebClient(config.botToken, interactive),
    streaming: new WebClient(config.botToken, streaming),
  };
}

/** Hands the SDK's own lines to our log. Its debug lines hold whole payloads and are dropped. */
export function slackLogger(log: Log): Logger {
  const text = (messages: unknown[]): object => ({ text: messages.map(String).join(" ").slice(0, 500) });
  return {
    debug: () => undefined,
    info: (...messages: unknown[]) => log.debug(text(messages), "slack sdk"),
    warn: (...messages: unknown[]) => log.debug(text(messages), "slack sdk warning"),
    error: (...messages: unknown[]) => log.warn(text(messages), "slack sdk error"),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
