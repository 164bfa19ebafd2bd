import { App, type Receiver } from "@slack/bolt";
import { GodwitError } from "../../core/failure.ts";
import type { ChatInbound, ChatPort } from "../../core/ports/chat.ts";
import type { Log } from "../../core/ports/log.ts";
import type { ChatDependencies } from "../dependencies.ts";
import { Suggestions } from "../interactions/suggestions.ts";
import { createClients, type SlackClients, slackLogger } from "./client.ts";
import { type SlackConfig, type SlackSettings, slackConfig } from "./config.ts";
import { SlackDelivery } from "./delivery.ts";
import { diagnoseSlack } from "./diagnose.ts";
import { slackCode } from "./errors.ts";
import { registerListeners } from "./listeners.ts";
import { LiveViews } from "./live-views.ts";
import { type HomeTeam, Members } from "./members.ts";
import { createReceiver } from "./receiver.ts";
import type { SlackSession } from "./session.ts";

/** Edits of one message at most this often: 30 a minute leave room for others under Tier 3 (Slack, "Rate limits"). */
const EDIT_INTERVAL_MS = 2_000;

/** Makes the Slack adapter for one workspace. Posting works at once; actions arrive after `start`. */
export function createSlackChat(settings: SlackSettings, deps: ChatDependencies): ChatPort {
  const config = slackConfig.parse(settings);
  const log = deps.log.child({ platform: "slack" });
  const clients = createClients(config, log);
  const delivery = new SlackDelivery({ client: clients.streaming, config, log });
  const way = createReceiver(config, log);
  return {
    platform: "slack",
    capabilities: { editIntervalMs: EDIT_INTERVAL_MS },
    start: async (inbound) => {
      const identity = await identify(clients);
      const app = createApp(config, { receiver: way.receiver, identity, log });
      registerListeners(
        app,
        openSession({ config, clients, identity, inbound, delivery, deps: { ...deps, log } }),
      );
      await connect(() => way.start());
    },
    post: (thread, notification, nonce) => delivery.post(thread, notification, nonce),
    update: (thread, edited, notification) => delivery.update(thread, edited.id, notification),
    find: (thread, nonce) => delivery.find(thread, nonce),
    link: (thread) => delivery.link(thread),
    diagnose: () => diagnoseSlack(config, clients),
    deployCommands: () =>
      Promise.resolve({ kind: "elsewhere", detail: "Slack takes its command from manifest.yml." }),
    isConnected: () => way.isConnected(),
    stop: () => way.stop(),
  };
}

interface Identity extends HomeTeam {
  readonly botId: string | undefined;
  readonly botUserId: string | undefined;
}

async function identify(clients: SlackClients): Promise<Identity> {
  try {
    const {
      team_id: teamId,
      enterprise_id: enterpriseId,
      bot_id: botId,
      user_id: botUserId,
    } = await clients.interactive.auth.test();
    return { teamId: teamId ?? "", enterpriseId: enterpriseId ?? null, botId, botUserId };
  } catch (cause) {
    throw startError(cause, "the bot token");
  }
}

async function connect(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (cause) {
    throw startError(cause, "the connection for people's actions");
  }
}

function startError(cause: unknown, subject: string): GodwitError {
  const code = slackCode(cause);
  if (code === null) {
    const summary = `Slack cannot be reached with ${subject}.`;
    const remedy = "Check SLACK_API_URL, PORT and the network, then start Godwit again.";
    return new GodwitError({ code: "slack-unreachable", class: "transient", summary, remedy, cause });
  }
  const remedy = "Check SLACK_BOT_TOKEN and SLACK_APP_TOKEN, and that the app is installed.";
  return new GodwitError({
    code: "slack-refused",
    summary: `Slack refuses ${subject}: ${code}.`,
    remedy,
    cause,
  });
}

function createApp(config: SlackConfig, parts: { receiver: Receiver; identity: Identity; log: Log }): App {
  const { teamId, enterpriseId, botId, botUserId } = parts.identity;
  const authorization = {
    botToken: config.botToken,
    teamId,
    ...(enterpriseId === null ? {} : { enterpriseId }),
    ...(botId === undefined ? {} : { botId }),
    ...(botUserId === undefined ? {} : { botUserId }),
  };
  return new App({
    receiver: parts.receiver,
    logger: slackLogger(parts.log),
    clientOptions: { slackApiUrl: config.apiUrl },
    authorize: () => Promise.resolve(authorization),
  });
}

function openSession(parts: {
  config: SlackConfig;
  clients: SlackClients;
  identity: Identity;
  inbound: ChatInbound;
  delivery: SlackDelivery;
  deps: ChatDependencies;
}): SlackSession {
  const { config, clients, identity: home, inbound, delivery, deps } = parts;
  const linkOf = (migrationId: string): Promise<string | null> => delivery.linkOf(migrationId);
  const members = new Members({
    client: clients.interactive,
    home,
    policy: deps.policy,
    clock: deps.clock,
    log: deps.log,
  });
  return {
    ...deps,
    codeOf: slackCode,
    config,
    clients,
    home,
    members,
    inbound,
    linkOf,
    suggestions: new Suggestions({ inbound, clock: deps.clock }),
    views: new LiveViews(clients.interactive),
  };
}
