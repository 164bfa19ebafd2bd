import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  type Interaction,
  MessageFlags,
  type ModalSubmitInteraction,
  Routes,
} from "discord.js";
import type { LocalDiscord } from "../../playground/discord/index.ts";
import { registerCommands, startClient } from "../playground/discord-sample-app.ts";
import { failureParts, form, planParts, progressParts, text } from "./sample-components.ts";

/** What the bot did, for tests to look at. */
export interface SampleDiscordBot {
  readonly client: Client<true>;
  readonly heard: string[];
  /** Ids of the plan, which is also that of its thread, and of its progress card. */
  plan: string;
  card: string;
  /** How long it thinks about a press. */
  delayMs: number;
  /** Posts components into a channel or thread and resolves to the id of the message. */
  post(channelId: string, components: readonly object[], extra?: object): Promise<string>;
  stop(): Promise<void>;
}

const addons = [
  { name: "orders · PostgreSQL 15", value: "addon_orders" },
  { name: "users · PostgreSQL 17", value: "addon_users" },
];

const addon = { type: 3, name: "addon", description: "The add-on to migrate", autocomplete: true };

const commands = [
  {
    type: 1,
    name: "db",
    description: "Migrate managed databases",
    options: [
      {
        type: 1,
        name: "migrate",
        description: "Migrate a database to another plan or version",
        options: [
          { ...addon, required: true },
          {
            type: 3,
            name: "plan",
            description: "The new plan",
            choices: [
              { name: "S", value: "pg-s" },
              { name: "M", value: "pg-m" },
            ],
          },
        ],
      },
      { type: 1, name: "list", description: "Show the databases you may migrate" },
      { type: 1, name: "status", description: "Show what is running now", options: [addon] },
      { type: 1, name: "silent", description: "Never answers" },
    ],
  },
  {
    type: 1,
    name: "admin",
    description: "For administrators",
    default_member_permissions: "0",
  },
];

/** A small bot with autocomplete, a form, a plan to confirm twice, and a thread with a progress card. */
export async function startSampleBot(discord: LocalDiscord): Promise<SampleDiscordBot> {
  await registerCommands(discord, commands);
  const heard: string[] = [];
  const client = await startClient(discord, (interaction) => answer(bot, interaction));
  const bot: SampleDiscordBot = {
    client,
    heard,
    plan: "",
    card: "",
    delayMs: 0,
    post: (channelId, components, extra) => post(client, channelId, { components, ...extra }),
    stop: () => client.destroy(),
  };
  return bot;
}

/** Ends the migration in a failure, in the thread. */
export async function failMigration(bot: SampleDiscordBot, supportRole: string): Promise<void> {
  await bot.client.rest.patch(Routes.channelMessage(bot.plan, bot.card), {
    body: {
      flags: MessageFlags.IsComponentsV2,
      allowed_mentions: { parse: [] },
      components: progressParts("failed"),
    },
  });
  await bot.post(bot.plan, failureParts(supportRole), { allowed_mentions: { roles: [supportRole] } });
}

async function answer(bot: SampleDiscordBot, interaction: Interaction): Promise<unknown> {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    bot.heard.push(`typed ${typed}`);
    return interaction.respond(addons.filter(({ name }) => name.includes(typed)));
  }
  if (interaction.isChatInputCommand()) return onCommand(bot, interaction);
  if (interaction.isModalSubmit()) return onForm(bot, interaction);
  if (interaction.isButton()) return onPress(bot, interaction);
  if (interaction.isStringSelectMenu()) {
    bot.heard.push(`chose ${interaction.values.join(", ")}`);
    return interaction.deferUpdate();
  }
  return undefined;
}

async function onCommand(bot: SampleDiscordBot, interaction: ChatInputCommandInteraction): Promise<unknown> {
  const subcommand = interaction.options.getSubcommand();
  const options = interaction.options.data[0]?.options ?? [];
  bot.heard.push([subcommand, ...options.map(({ name, value }) => `${name}=${value}`)].join(" "));
  switch (subcommand) {
    case "migrate":
      return interaction.showModal(form as never);
    case "list":
      return interaction.reply({
        flags: MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral,
        components: [text("**orders** · PostgreSQL 15.18 · plan S")] as never,
      });
    case "status":
      await interaction.deferReply();
      await pause(bot.delayMs);
      return interaction.editReply({ content: "Nothing runs now." });
    default:
      return undefined;
  }
}

async function onForm(bot: SampleDiscordBot, interaction: ModalSubmitInteraction): Promise<void> {
  const { fields } = interaction;
  bot.heard.push(
    JSON.stringify({
      plan: fields.getStringSelectValues("plan"),
      strategy: fields.getRadioGroup("strategy"),
      reason: fields.getTextInputValue("reason"),
      notify: fields.getCheckboxGroup("notify"),
    }),
  );
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await interaction.deleteReply();
  bot.plan = await bot.post(interaction.channelId ?? "", planParts);
}

async function onPress(bot: SampleDiscordBot, interaction: ButtonInteraction): Promise<unknown> {
  bot.heard.push(interaction.customId);
  await pause(bot.delayMs);
  switch (interaction.customId) {
    case "confirm":
      return interaction.reply({
        flags: MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral,
        components: [
          text("Migrate **orders** now? Writes are refused for about 1 to 4 seconds."),
          {
            type: 1,
            components: [{ type: 2, style: 4, label: "Yes, migrate it", custom_id: "confirm-again" }],
          },
        ] as never,
      });
    case "confirm-again":
      await interaction.update({ components: [text("The migration starts.")] as never });
      return startThread(bot, interaction);
    case "deaf":
      return undefined;
    default:
      return interaction.deferUpdate();
  }
}

async function startThread(bot: SampleDiscordBot, { channelId, client }: ButtonInteraction): Promise<void> {
  const body = { name: "Migrate orders", auto_archive_duration: 10_080 };
  await client.rest.post(Routes.threads(channelId, bot.plan), { body });
  bot.card = await bot.post(bot.plan, progressParts("running"));
}

async function post(client: Client, channelId: string, body: object): Promise<string> {
  const flags = MessageFlags.IsComponentsV2;
  const route = Routes.channelMessages(channelId);
  const sent = await client.rest.post(route, { body: { flags, allowed_mentions: { parse: [] }, ...body } });
  return (sent as { id: string }).id;
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
