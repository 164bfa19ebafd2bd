import type { Receiver } from "@slack/bolt";
import { HTTPReceiver, SocketModeReceiver } from "@slack/bolt";
import type { Log } from "../../core/ports/log.ts";
import { slackLogger } from "./client.ts";
import type { SlackConfig } from "./config.ts";

/** Also how long socket-mode waits before it reconnects, so less than its 5 s (socket-mode 3.1.0, SocketModeClient). */
const PING_TIMEOUT_MS = 3_000;
const OPEN_TIMEOUT_MS = 10_000;
const STOP_MS = 3_000;

/** The way in: actions of people arrive here. */
export interface SlackReceiver {
  readonly receiver: Receiver;
  isConnected(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Socket Mode when there is an app token, else HTTP at `/slack/events`. */
export function createReceiver(config: SlackConfig, log: Log): SlackReceiver {
  return config.appToken === undefined
    ? httpReceiver(config, log)
    : socketReceiver(config, config.appToken, log);
}

function socketReceiver(config: SlackConfig, appToken: string, log: Log): SlackReceiver {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: slackLogger(log),
    clientPingTimeout: PING_TIMEOUT_MS,
    installerOptions: { clientOptions: { slackApiUrl: config.apiUrl, timeout: OPEN_TIMEOUT_MS } },
  });
  let [isConnected, isStarted] = [false, false];
  receiver.client.on("connected", () => (isConnected = true));
  for (const event of ["close", "disconnecting", "reconnecting", "disconnected"]) {
    receiver.client.on(event, () => (isConnected = false));
  }
  return {
    receiver,
    isConnected: () => isConnected,
    start: async () => {
      isStarted = true;
      await receiver.start();
    },
    stop: () => (isStarted ? bounded(receiver.stop()) : Promise.resolve()),
  };
}

function httpReceiver(config: SlackConfig, log: Log): SlackReceiver {
  const receiver = new HTTPReceiver({
    signingSecret: config.signingSecret ?? "",
    endpoints: "/slack/events",
    logger: slackLogger(log),
  });
  let isListening = false;
  return {
    receiver,
    isConnected: () => isListening,
    start: async () => {
      await receiver.start(config.port ?? 0);
      isListening = true;
    },
    stop: async () => {
      if (!isListening) return;
      isListening = false;
      await bounded(receiver.stop());
    },
  };
}

/** The SDK's own stop can wait for a peer that is gone. */
async function bounded(stopping: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
  await Promise.race([stopping, late]).finally(() => clearTimeout(timer));
}
