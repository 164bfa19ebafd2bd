import { createServer } from "node:net";
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from "../../playground/slack/index.ts";
import { createSlackChat } from "../../src/chat/slack/index.ts";
import type { ChatPort, PolicyLists } from "../../src/core/ports/chat.ts";
import { aLog } from "./makers.ts";
import { chatDependencies, ScriptedInbound } from "./scripted-inbound.ts";

export interface Harness {
  readonly slack: LocalSlack;
  readonly chat: ChatPort;
  readonly inbound: ScriptedInbound;
  readonly log: ReturnType<typeof aLog>;
  close(): Promise<void>;
}

export type Transport = "Socket Mode" | "HTTP";

interface HarnessOptions extends LocalSlackOptions {
  readonly transport?: Transport;
  readonly policy?: PolicyLists;
}

/** The real adapter, connected to a local Slack over the wire, with a scripted inbound behind it. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { transport = "Socket Mode", policy, ...slackOptions } = options;
  const slack = await startLocalSlack(slackOptions);
  const [inbound, log] = [new ScriptedInbound(), aLog()];
  const port = await freePort();
  const way =
    transport === "HTTP" ? { signingSecret: slack.signingSecret, port } : { appToken: slack.appToken };
  const chat = createSlackChat(
    { botToken: slack.botToken, apiUrl: slack.url, support: { usergroup: "S0SUPPORT" }, ...way },
    chatDependencies(log, policy),
  );
  await chat.start(inbound);
  if (transport === "HTTP") slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  else await slack.waitForConnections();
  const close = async (): Promise<void> => {
    await chat.stop();
    await slack.close();
  };
  return { slack, chat, inbound, log, close };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("finding a free port: no address");
  return address.port;
}
