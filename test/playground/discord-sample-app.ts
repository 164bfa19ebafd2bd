import {
  type ChatInputCommandInteraction,
  Client,
  type ClientOptions,
  Events,
  type Interaction,
  REST,
  Routes,
} from "discord.js";
import type { LocalDiscord } from "../../playground/discord/index.ts";

/** discord.js pointed at the local Discord, mentions off unless a message says otherwise. */
export function makeClient(discord: LocalDiscord, options: Partial<ClientOptions> = {}): Client {
  const client = new Client({
    intents: [],
    allowedMentions: { parse: [] },
    ...options,
    rest: { api: discord.url, retries: 0, ...options.rest },
  });
  client.on(Events.Error, () => {});
  return client;
}

/** A client that is logged in and hands interactions to `onInteraction`; stop it with `destroy()`. */
export async function startClient(
  discord: LocalDiscord,
  onInteraction: (interaction: Interaction) => unknown = () => {},
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = makeClient(discord, options);
  client.on(Events.InteractionCreate, (interaction) => {
    Promise.resolve(onInteraction(interaction)).catch((error: unknown) =>
      client.emit("error", error as Error),
    );
  });
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  return ready;
}

/** Rejects where it would wait. */
export function makeRest(discord: LocalDiscord): REST {
  const limits = { rejectOnRateLimit: () => true, globalRequestsPerSecond: Number.POSITIVE_INFINITY };
  return new REST({ api: discord.url, retries: 0, ...limits }).setToken(discord.token);
}

/** `/db migrate addon plan`, `/db status`. */
export const dbCommand = {
  name: "db",
  description: "Databases",
  type: 1,
  contexts: [0],
  options: [
    {
      type: 1,
      name: "migrate",
      description: "Moves a database",
      options: [
        { type: 3, name: "addon", description: "Which one", required: true, autocomplete: true },
        { type: 3, name: "plan", description: "Where to" },
      ],
    },
    { type: 1, name: "status", description: "How it goes" },
  ],
};

export async function registerCommands(
  discord: LocalDiscord,
  commands: readonly object[] = [dbCommand],
): Promise<void> {
  const route = Routes.applicationGuildCommands(discord.applicationId, discord.guildId);
  await makeRest(discord).put(route, { body: commands });
}

/** Answers every command with `answer`, nothing else. */
export function onCommand(
  answer: (interaction: ChatInputCommandInteraction) => unknown,
): (interaction: Interaction) => unknown {
  return (interaction) => (interaction.isChatInputCommand() ? answer(interaction) : undefined);
}

/** The error of a call that is to fail. */
export function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "the call succeeded",
    (error: unknown) => error,
  );
}

export type Answer = (interaction: ChatInputCommandInteraction) => Promise<unknown>;

/** Alice's `/db status` behind a client of its own, once `answer` is through with it; the client joins `clients`. */
export function askStatus(
  discord: LocalDiscord,
  answer: Answer,
  clients: Client[],
): Promise<ChatInputCommandInteraction> {
  return new Promise((resolve, reject) => {
    const onInteraction = onCommand((interaction) =>
      answer(interaction).then(() => resolve(interaction), reject),
    );
    startClient(discord, onInteraction).then((client) => {
      clients.push(client);
      return discord.user("alice").command("/db status");
    }, reject);
  });
}
