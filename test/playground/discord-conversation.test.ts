import {
  ButtonStyle,
  type ChatInputCommandInteraction,
  type Client,
  ComponentType,
  type Interaction,
  MessageFlags,
  type ModalSubmitInteraction,
  type REST,
  Routes,
  TextInputStyle,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import { makeRest, registerCommands, startClient } from "./discord-sample-app.ts";

const nobody = { parse: [] };
const support = "100000000000000001";

async function showForm(interaction: ChatInputCommandInteraction): Promise<void> {
  await interaction.showModal({
    custom_id: "migrate",
    title: "Migrate",
    components: [
      { type: ComponentType.TextDisplay, content: "Now on **S**, EUR 19.50 a month" },
      {
        type: ComponentType.Label,
        label: "Target plan",
        component: {
          type: ComponentType.StringSelect,
          custom_id: "plan",
          options: [
            { label: "S", value: "pg-s", default: true },
            { label: "M, 4 GiB", value: "pg-m", description: "EUR 98 a month" },
          ],
        },
      },
      {
        type: ComponentType.Label,
        label: "Strategy",
        component: {
          type: ComponentType.RadioGroup,
          custom_id: "strategy",
          options: [
            { label: "Dump", value: "dump" },
            { label: "Live", value: "live" },
          ],
        },
      },
      {
        type: ComponentType.Label,
        label: "Refresh",
        component: { type: ComponentType.Checkbox, custom_id: "refresh" },
      },
      {
        type: ComponentType.Label,
        label: "Reason",
        component: { type: ComponentType.TextInput, custom_id: "reason", style: TextInputStyle.Short },
      },
    ],
  });
}

async function review(interaction: ModalSubmitInteraction): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const { fields } = interaction;
  const chosen = [
    fields.getStringSelectValues("plan").join(),
    fields.getRadioGroup("strategy"),
    fields.getCheckbox("refresh"),
    fields.getTextInputValue("reason"),
  ].join(" ");
  await interaction.editReply({
    flags: MessageFlags.IsComponentsV2,
    components: [
      {
        type: ComponentType.Container,
        components: [
          { type: ComponentType.TextDisplay, content: `Ready: ${chosen}` },
          {
            type: ComponentType.ActionRow,
            components: [
              { type: ComponentType.Button, style: ButtonStyle.Danger, label: "Go", custom_id: "go" },
            ],
          },
        ],
      },
    ],
  });
}

async function migrate(rest: REST, channelId: string): Promise<void> {
  const post = (channel: string, content: string, more: object = {}): Promise<{ id: string }> =>
    rest.post(Routes.channelMessages(channel), {
      body: { content, allowed_mentions: nobody, ...more },
    }) as Promise<{ id: string }>;
  const root = await post(channelId, "Migrating orders");
  const thread = (await rest.post(Routes.threads(channelId, root.id), {
    body: { name: "orders", auto_archive_duration: 10080 },
  })) as { id: string };
  const step = await post(thread.id, "Step 1 of 2");
  await rest.patch(Routes.channelMessage(thread.id, step.id), {
    body: { content: "Step 2 of 2", allowed_mentions: nobody },
  });
  await post(thread.id, `Help <@&${support}>`, { allowed_mentions: { roles: [support] } });
  await rest.post(Routes.channelMessages(thread.id), {
    body: {
      flags: MessageFlags.IsComponentsV2,
      allowed_mentions: nobody,
      components: [
        { type: ComponentType.TextDisplay, content: "Report" },
        { type: ComponentType.File, file: { url: "attachment://report.txt" } },
      ],
    },
    files: [{ name: "report.txt", data: Buffer.from("42 rows") }],
  });
  await rest.patch(Routes.channel(thread.id), { body: { archived: true, locked: true } });
}

describe("a discord.js bot", () => {
  let discord: LocalDiscord;
  let client: Client;

  beforeEach(async () => {
    discord = await startLocalDiscord();
    await registerCommands(discord);
    const rest = makeRest(discord);
    client = await startClient(discord, async (interaction: Interaction) => {
      if (interaction.isAutocomplete()) {
        const typed = interaction.options.getFocused();
        await interaction.respond([{ name: `orders for ${typed}`, value: "addon_orders" }]);
      } else if (interaction.isChatInputCommand()) await showForm(interaction);
      else if (interaction.isModalSubmit()) await review(interaction);
      else if (interaction.isButton()) {
        await interaction.update({ components: [{ type: ComponentType.TextDisplay, content: "Started" }] });
        await migrate(rest, interaction.channelId);
      }
    });
  });

  afterEach(async () => {
    await client.destroy();
    await discord.close();
  });

  test("goes from the command through the form and the button to the thread", async () => {
    const alice = discord.user("alice");
    const place = { channel: "#databases" };
    expect(await alice.autocomplete("/db migrate addon:or", { ...place, option: "addon" })).toEqual([
      { name: "orders for or", value: "addon_orders" },
    ]);
    expect(await alice.command("/db migrate addon_orders", place)).toMatchObject({ acked: true });

    const modal = await alice.waitForModal(/EUR 19.50/);
    expect(modal.title).toBe("Migrate");
    expect(modal.labels()).toEqual(["Target plan", "Strategy", "Refresh", "Reason"]);
    expect(modal.options("plan")).toEqual([
      { label: "S", value: "pg-s", isDefault: true },
      { label: "M, 4 GiB", value: "pg-m", description: "EUR 98 a month", isDefault: false },
    ]);
    await modal.choose("Target plan", "M, 4 GiB");
    await expect(modal.submit()).rejects.toThrow('"Strategy" is required');
    await modal.choose("Strategy", "Live");
    await modal.choose("refresh", true);
    await modal.type("Reason", "growth");
    expect(await modal.submit()).toMatchObject({ kind: "sent", ack: { acked: true, response: "thinking" } });
    expect(modal.isOpen).toBe(false);

    const prompt = await alice.waitForEphemeral("Ready: pg-m live true growth");
    expect(prompt.buttons()).toEqual(["Go"]);
    expect(discord.channel("#databases").messages()).toEqual([]);
    expect(await alice.click(prompt, "Go")).toMatchObject({ ack: { response: "update" } });
    await prompt.waitFor("Started");

    const root = await discord.channel("#databases").waitFor("Migrating orders");
    const thread = await root.waitForThread();
    const report = await thread.waitFor("[file: report.txt]");
    expect(thread.text()).toBe("Step 2 of 2\n\nHelp @support\n\nReport\n[file: report.txt]");
    expect(report.files).toEqual([{ name: "report.txt", content: "42 rows" }]);
    await root.waitFor(() => thread.isArchived);
    expect(thread.isLocked).toBe(true);

    expect(discord.user("sam").notifications).toMatchObject([{ cause: "role", channelId: thread.id }]);
    expect(thread.memberIds).toContain(discord.user("sam").id);
    expect(discord.violations).toEqual([]);
    expect(discord.errors).toEqual([]);
    expect(discord.ackLatencies.map(({ kind, acked }) => [kind, acked])).toEqual([
      ["autocomplete", true],
      ["command", true],
      ["modal", true],
      ["component", true],
    ]);
  });
});
