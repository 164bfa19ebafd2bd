import { createServer } from "node:net";
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from "../../playground/slack/index.ts";
import { createSlackChat } from "../../src/chat/slack/index.ts";
import { systemClock } from "../../src/clock.ts";
import type { AddonSummary } from "../../src/core/addon.ts";
import type { Answer } from "../../src/core/answer.ts";
import type { FormAnswer, FormSelection, SubmitAnswer } from "../../src/core/form.ts";
import type { Member } from "../../src/core/member.ts";
import type {
  ChatInbound,
  ChatPort,
  Invocation,
  PolicyLists,
  Press,
  RootDelivery,
  Submission,
} from "../../src/core/ports/chat.ts";
import { aForm, aLog, aMigration } from "./makers.ts";

/** An inbound whose answers a test writes; it remembers what it was asked. */
class ScriptedInbound implements ChatInbound {
  readonly invocations: Invocation[] = [];
  readonly selections: FormSelection[] = [];
  readonly members: Member[] = [];
  readonly submissions: Submission[] = [];
  readonly presses: Press[] = [];
  onCommand: (invocation: Invocation) => Promise<Answer> | Answer = ({ args }) => ({
    kind: "open-form",
    addonName: args[0] ?? null,
  });
  onForm: (selection: FormSelection) => Promise<FormAnswer> | FormAnswer = ({ addonId }) =>
    addonId === undefined ? { kind: "choose-addon" } : { kind: "form", form: aForm() };
  onSearch: (query: string) => Promise<readonly AddonSummary[]> | readonly AddonSummary[] = () => [];
  onSubmit: (submission: Submission) => Promise<SubmitAnswer> | SubmitAnswer = () => ({
    kind: "posted",
    migration: aMigration(),
  });
  onRoot: (migrationId: string) => Promise<RootDelivery> | RootDelivery = () => ({
    kind: "sent",
    link: null,
  });
  onPress: (press: Press) => Promise<Answer> | Answer = () => ({
    kind: "confirmed",
    migration: aMigration(),
  });

  async command(invocation: Invocation): Promise<Answer> {
    this.invocations.push(invocation);
    this.members.push(invocation.member);
    return this.onCommand(invocation);
  }

  async searchAddons(member: Member, query: string): Promise<readonly AddonSummary[]> {
    this.members.push(member);
    return this.onSearch(query);
  }

  async form(member: Member, selection: FormSelection): Promise<FormAnswer> {
    this.members.push(member);
    this.selections.push(selection);
    return this.onForm(selection);
  }

  async submit(submission: Submission): Promise<SubmitAnswer> {
    this.members.push(submission.member);
    this.submissions.push(submission);
    return this.onSubmit(submission);
  }

  async rootDelivery(migrationId: string): Promise<RootDelivery> {
    return this.onRoot(migrationId);
  }

  async press(press: Press): Promise<Answer> {
    this.members.push(press.member);
    this.presses.push(press);
    return this.onPress(press);
  }
}

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
  const { transport = "Socket Mode", policy = { users: [], groups: [] }, ...slackOptions } = options;
  const slack = await startLocalSlack(slackOptions);
  const [inbound, log] = [new ScriptedInbound(), aLog()];
  const port = await freePort();
  const way =
    transport === "HTTP" ? { signingSecret: slack.signingSecret, port } : { appToken: slack.appToken };
  const chat = createSlackChat(
    { botToken: slack.botToken, apiUrl: slack.url, support: { usergroup: "S0SUPPORT" }, ...way },
    { clock: systemClock, log, random: () => 0.5, policy, opensForm: (name) => name === "migrate" },
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
