import type { Server } from "node:http";
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { ChatPostMessageArguments, ChatPostMessageResponse, WebClient } from "@slack/web-api";
import type { LocalSlack } from "../../playground/slack/index.ts";

export interface RunningApp {
  readonly app: App;
  /** Where it takes signed requests, when it runs over HTTP. */
  readonly url: string;
  stop(): Promise<void>;
}

const quiet = { logLevel: LogLevel.ERROR };

/** Slack's SDK over Socket Mode, pointed at the local Slack; it reconnects after `clientPingTimeout` ms. */
export async function startSocketApp(
  slack: LocalSlack,
  register: (app: App) => void,
  options: { clientPingTimeout?: number } = {},
): Promise<RunningApp> {
  const clientOptions = { slackApiUrl: slack.url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions },
    ...options,
  });
  const app = new App({ ...quiet, token: slack.botToken, receiver, clientOptions });
  register(app);
  await app.start();
  return { app, url: "", stop: async () => void (await app.stop()) };
}

/** Slack's SDK behind an HTTP receiver on a free port, with `signingSecret` to check signatures. */
export async function startHttpApp(
  slack: LocalSlack,
  signingSecret: string,
  register: (app: App) => void,
): Promise<RunningApp> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({
    ...quiet,
    token: slack.botToken,
    receiver,
    clientOptions: { slackApiUrl: slack.url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  register(app);
  const server = await app.start(0);
  const address = (server as Server).address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { app, url: `http://127.0.0.1:${port}/slack/events`, stop: async () => void (await app.stop()) };
}

/** `client.chat.postMessage`, which the linter takes for `window.postMessage`. */
export function post(client: WebClient, message: ChatPostMessageArguments): Promise<ChatPostMessageResponse> {
  return client.apiCall("chat.postMessage", { ...message });
}
