import {
  type LocalDiscord,
  type LocalDiscordOptions,
  startLocalDiscord,
} from "../../playground/discord/index.ts";
import type { ChatDependencies } from "../../src/chat/dependencies.ts";
import type { DiscordSettings } from "../../src/chat/discord/config.ts";
import { createDiscordChat } from "../../src/chat/discord/index.ts";
import type { ThreadRef } from "../../src/core/outbox.ts";
import type { ChatPort, PolicyLists } from "../../src/core/ports/chat.ts";
import { aLog, aThread } from "./makers.ts";
import { chatDependencies, ScriptedInbound } from "./scripted-inbound.ts";

export interface Harness {
  readonly discord: LocalDiscord;
  readonly chat: ChatPort;
  readonly inbound: ScriptedInbound;
  readonly log: ReturnType<typeof aLog>;
  /** The conversation in #databases. */
  thread(rootId?: string | null): ThreadRef;
  close(): Promise<void>;
}

interface HarnessOptions extends LocalDiscordOptions {
  readonly policy?: PolicyLists;
  readonly settings?: Partial<DiscordSettings>;
  readonly deps?: Partial<ChatDependencies>;
}

export const SUPPORT_ROLE = "100000000000000001";

/** The real adapter, connected to a local Discord over the wire, with a scripted inbound behind it. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { policy, settings, deps, ...discordOptions } = options;
  const discord = await startLocalDiscord(discordOptions);
  const [inbound, log] = [new ScriptedInbound(), aLog()];
  const chat = createDiscordChat(settingsFor(discord, settings), {
    ...chatDependencies(log, policy),
    ...deps,
  });
  await chat.start(inbound);
  await discord.waitForConnections();
  return {
    discord,
    chat,
    inbound,
    log,
    thread: (rootId = null) => threadIn(discord, { rootId }),
    close: async () => {
      await chat.stop();
      await discord.close();
    },
  };
}

export function settingsFor(discord: LocalDiscord, change: Partial<DiscordSettings> = {}): DiscordSettings {
  return {
    token: discord.token,
    applicationId: discord.applicationId,
    guildId: discord.guildId,
    apiUrl: discord.url,
    support: { role: SUPPORT_ROLE, users: [] },
    ...change,
  };
}

export function threadIn(discord: LocalDiscord, change: Partial<ThreadRef> = {}): ThreadRef {
  return aThread({
    platform: "discord",
    workspace: discord.guildId,
    channel: discord.channel("#databases").id,
    ...change,
  });
}
