import {
  type ChatInputCommandInteraction,
  type Client,
  GatewayDispatchEvents,
  type Interaction,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import {
  type Answer,
  askStatus,
  dbCommand,
  onCommand,
  registerCommands,
  startClient,
} from "./discord-sample-app.ts";

describe("what a person types into the command bar", () => {
  let discord: LocalDiscord;
  const clients: Client[] = [];

  beforeEach(async () => {
    discord = await startLocalDiscord({ interactionTimeoutMs: 300 });
    await registerCommands(discord);
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.destroy()));
    await discord.close();
  });

  async function connect(onInteraction: (interaction: Interaction) => unknown): Promise<void> {
    clients.push(await startClient(discord, onInteraction));
  }

  /** The interaction behind `/db status`, once `answer` is through with it. */
  const afterCommand = (answer: Answer): Promise<ChatInputCommandInteraction> =>
    askStatus(discord, answer, clients);

  test("autocomplete gets what is typed so far, and nothing when the app is silent", async () => {
    const seen: unknown[] = [];
    await connect((interaction) => {
      if (interaction.isAutocomplete()) seen.push(interaction.options.getFocused(true));
    });
    const typing = { option: "addon" };
    expect(await discord.user("alice").autocomplete("/db migrate addon:or", typing)).toEqual([]);
    expect(seen).toMatchObject([{ name: "addon", value: "or", focused: true }]);
    expect(discord.user("alice").errors).toMatchObject([{ detail: "Loading options failed" }]);
    await expect(discord.user("alice").autocomplete("/db migrate x", { option: "plan" })).rejects.toThrow(
      "does not suggest",
    );
  });

  test("the command bar refuses what the client refuses", async () => {
    const alice = discord.user("alice");
    const refusals: Record<string, string> = {
      "db status": 'begins with "/"',
      "/nothing": 'no command "/nothing"',
      "/db": "has no subcommand",
      "/db wrong": "There are: migrate, status",
      "/db migrate": 'needs the option "addon"',
      "/db migrate a b c": 'takes no further option for "c"',
    };
    for (const [text, reason] of Object.entries(refusals)) {
      await expect(alice.command(text)).rejects.toThrow(reason);
    }
    expect(discord.ackLatencies).toEqual([]);
  });

  test("options go by name or in order, and a named one takes words to the next name", async () => {
    const seen: unknown[] = [];
    await connect(
      onCommand(async (interaction) => {
        seen.push([interaction.options.getString("addon"), interaction.options.getString("plan")]);
        await interaction.reply("ok");
      }),
    );
    await discord.user("alice").command("/db migrate orders pg-m");
    await discord.user("alice").command("/db migrate plan:pg m addon:my orders");
    expect(seen).toEqual([
      ["orders", "pg-m"],
      ["my orders", "pg m"],
    ]);
  });

  test("commands with default permissions are offered to those who have them", async () => {
    await registerCommands(discord, [{ ...dbCommand, default_member_permissions: "0" }]);
    await connect(onCommand((interaction) => interaction.reply("ok")));
    await expect(discord.user("alice").command("/db status")).rejects.toThrow("may not use");
    expect(await discord.user("admin").command("/db status")).toMatchObject({ text: "ok" });
  });

  test("a command arrives with the channel, the member and the bot's permissions", async () => {
    const interaction = await afterCommand((interaction) => interaction.reply("ok"));
    expect(interaction.channelId).toBe(discord.channel("#databases").id);
    expect(interaction.appPermissions.has("SendMessagesInThreads")).toBe(true);
    expect(interaction.appPermissions.has("MentionEveryone")).toBe(false);
    expect(interaction.guildId).toBe(discord.guildId);
    const members: unknown[] = [];
    clients[0]?.ws.on(GatewayDispatchEvents.InteractionCreate, ({ member }: { member: unknown }) =>
      members.push(member),
    );
    await discord.user("gina").command("/db status");
    await discord.user("sam").command("/db status");
    expect(members).toMatchObject([
      { roles: [], flags: 16, user: { username: "gina" } },
      { roles: ["100000000000000001"], flags: 0, user: { username: "sam" } },
    ]);
  });
});
