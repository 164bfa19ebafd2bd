import type { Match, WaitOptions } from "../../../playground/local/matching.ts";
import { defaultScopes, type LocalSlack, startLocalSlack } from "../../../playground/slack/index.ts";
import { MessageHandle } from "../../../playground/slack/person/message-handle.ts";
import type {
  ChatConnection,
  ChatDriver,
  ChatMessage,
  ChatThread,
  ChatTrouble,
  PersonName,
} from "./chat-driver.ts";
import { onHandle, SlackMessage } from "./slack-message.ts";
import { SlackPerson } from "./slack-person.ts";
import { createSlackTrouble } from "./slack-trouble.ts";

const CHANNEL = "#databases";
const DBA = "S0DBA";

/** Starts a local Slack. Its bot may read the channel, so that a doubtful message can be looked up. */
export async function startSlackDriver(waitTimeoutMs: number): Promise<ChatDriver> {
  const scopes = [...defaultScopes, "channels:history", "channels:read"];
  const slack = await startLocalSlack({ waitTimeoutMs, scopes });
  slack.addGroup({ id: DBA, handle: "dba", users: ["alice", "bob"] });
  return new SlackDriver(slack);
}

class SlackDriver implements ChatDriver {
  readonly platform = "Slack";
  readonly checksCommands = false;
  readonly archivesThreads = false;
  readonly answersEve = /People from outside this workspace or server cannot migrate databases here\./;
  readonly settings = { key: "slack", channelId: "C0DATABASES", dbaOnly: { usergroups: [DBA] } } as const;
  readonly connection: ChatConnection;
  readonly trouble: ChatTrouble;
  readonly #slack: LocalSlack;
  readonly #people = new Map<PersonName, SlackPerson>();

  constructor(slack: LocalSlack) {
    this.#slack = slack;
    this.trouble = createSlackTrouble(slack);
    let [made, open] = [0, 0];
    slack.subscribe((change) => {
      if (change.kind !== "connections") return;
      if (change.count > open) made += 1;
      open = change.count;
    });
    this.connection = {
      isUp: () => slack.socket.connectionCount > 0,
      made: () => made,
      interruptions: [
        { name: "the socket is cut", strike: () => slack.socket.drop() },
        { name: "Slack asks to reconnect", strike: () => slack.socket.refresh("refresh_requested") },
        { name: "Slack warns of the end", strike: () => slack.socket.refresh("warning") },
      ],
    };
  }

  environment(): Record<string, string> {
    const { botToken, appToken, url } = this.#slack;
    return { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: url };
  }

  person(name: PersonName): SlackPerson {
    const known = this.#people.get(name) ?? new SlackPerson(this.#slack, name);
    this.#people.set(name, known);
    return known;
  }

  messages(): SlackMessage[] {
    return this.#channel.messages().map((handle) => new SlackMessage(handle));
  }

  async waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage> {
    return new SlackMessage(await this.#channel.waitFor(onHandle(match), options));
  }

  keepsShowing(message: ChatMessage): SlackMessage {
    const { raw } = (message as SlackMessage).handle;
    return new SlackMessage(new MessageHandle(this.#slack.world, structuredClone(raw)));
  }

  threadOf(rootId: string): ChatThread {
    const root = this.messages().find(({ id }) => id === rootId);
    if (!root) throw new Error(`there is no message ${rootId} in ${CHANNEL}`);
    return root.thread();
  }

  supportPages(): string[] {
    const calls = this.#slack.user("sam").notifications.filter(({ cause }) => cause !== "user");
    return calls.map(({ text }) => text);
  }

  get violations() {
    return this.#slack.violations;
  }

  get errors() {
    return this.#slack.errors;
  }

  ackLatencies(): number[] {
    return this.#slack.ackLatencies.map(({ ms }) => ms);
  }

  close(): Promise<void> {
    return this.#slack.close();
  }

  get #channel() {
    return this.#slack.channel(CHANNEL);
  }
}
