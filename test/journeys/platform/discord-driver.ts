import { type LocalDiscord, startLocalDiscord } from "../../../playground/discord/index.ts";
import { MessageHandle } from "../../../playground/discord/person/message-handle.ts";
import type { Match, WaitOptions } from "../../../playground/local/matching.ts";
import type {
  ChatConnection,
  ChatDriver,
  ChatFileSettings,
  ChatMessage,
  ChatThread,
  ChatTrouble,
  Interruption,
  PersonName,
} from "./chat-driver.ts";
import { channelOf, DiscordMessage, onHandle } from "./discord-message.ts";
import { DiscordPerson } from "./discord-person.ts";
import { createDiscordTrouble } from "./discord-trouble.ts";

/** Discord's own is 41 s; a connection that went silent is noticed after one or two of them. */
const HEARTBEAT_MS = 2_000;

/** Starts a local Discord. */
export async function startDiscordDriver(waitTimeoutMs: number): Promise<ChatDriver> {
  return new DiscordDriver(await startLocalDiscord({ waitTimeoutMs, heartbeatIntervalMs: HEARTBEAT_MS }));
}

class DiscordDriver implements ChatDriver {
  readonly platform = "Discord";
  readonly checksCommands = true;
  readonly archivesThreads = true;
  readonly answersEve = /You are not among the people who may migrate databases\./;
  readonly settings: ChatFileSettings;
  readonly connection: ChatConnection;
  readonly trouble: ChatTrouble;
  readonly #discord: LocalDiscord;
  readonly #people = new Map<PersonName, DiscordPerson>();

  constructor(discord: LocalDiscord) {
    this.#discord = discord;
    this.settings = {
      key: "discord",
      channelId: channelOf(discord).id,
      dbaOnly: { roles: [discord.role("dba").id] },
    };
    this.trouble = createDiscordTrouble(discord);
    this.connection = connectionOf(discord);
  }

  environment(): Record<string, string> {
    const { token, applicationId, guildId, url } = this.#discord;
    return {
      DISCORD_TOKEN: token,
      DISCORD_APPLICATION_ID: applicationId,
      DISCORD_GUILD_ID: guildId,
      DISCORD_API_URL: url,
    };
  }

  person(name: PersonName): DiscordPerson {
    const known = this.#people.get(name) ?? new DiscordPerson(this.#discord, name);
    this.#people.set(name, known);
    return known;
  }

  messages(): DiscordMessage[] {
    return channelOf(this.#discord)
      .messages()
      .map((handle) => new DiscordMessage(handle));
  }

  async waitFor(match: Match<ChatMessage>, options?: WaitOptions): Promise<ChatMessage> {
    return new DiscordMessage(await channelOf(this.#discord).waitFor(onHandle(match), options));
  }

  keepsShowing(message: ChatMessage): DiscordMessage {
    const { raw } = (message as DiscordMessage).handle;
    return new DiscordMessage(new MessageHandle(this.#discord.world, structuredClone(raw)));
  }

  threadOf(rootId: string): ChatThread {
    const root = this.messages().find(({ id }) => id === rootId);
    if (!root) throw new Error(`there is no message ${rootId} in #databases`);
    return root.thread();
  }

  supportPages(): string[] {
    const calls = this.#discord.user("sam").notifications.filter(({ cause }) => cause !== "user");
    return calls.map(({ text }) => text);
  }

  get violations() {
    return this.#discord.violations;
  }

  get errors() {
    return this.#discord.errors;
  }

  ackLatencies(): number[] {
    return this.#discord.ackLatencies.map(({ ms }) => ms);
  }

  close(): Promise<void> {
    return this.#discord.close();
  }
}

function connectionOf({ gateway }: LocalDiscord): ChatConnection {
  return {
    isUp: () => gateway.sessions.some(({ connection }) => connection && !connection.isSilent),
    made: () => gateway.identifies + gateway.resumes,
    interruptions: interruptionsOf(gateway),
  };
}

function interruptionsOf(gateway: LocalDiscord["gateway"]): Interruption[] {
  return [
    { name: "the socket is cut", strike: () => gateway.drop() },
    { name: "close 4000", strike: () => gateway.drop(4000) },
    { name: "op 7", strike: () => gateway.askToReconnect() },
    { name: "op 9, resumable", strike: () => gateway.invalidate(true) },
    { name: "op 9, not resumable", strike: () => gateway.invalidate(false) },
    { name: "silence", strike: () => gateway.silence() },
  ];
}
