import {
  ButtonStyle,
  type ChatInputCommandInteraction,
  type Client,
  ComponentType,
  type Interaction,
  MessageFlags,
  TextInputStyle,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import {
  type Answer,
  askStatus,
  failureOf,
  onCommand,
  registerCommands,
  startClient,
} from "./discord-sample-app.ts";

describe("what a person presses, chooses and fills in", () => {
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

  test("a component can defer an update, and its failure is told in its own words", async () => {
    let presses = 0;
    await connect(async (interaction) => {
      if (interaction.isChatInputCommand()) {
        const button = {
          type: ComponentType.Button,
          style: ButtonStyle.Primary,
          label: "Go",
          custom_id: "go",
        };
        await interaction.reply({ components: [{ type: ComponentType.ActionRow, components: [button] }] });
      }
      if (!interaction.isButton()) return;
      presses += 1;
      if (presses > 1) return;
      await interaction.deferUpdate();
      await interaction.editReply({ content: "pressed" });
    });
    const alice = discord.user("alice");
    await alice.command("/db status");
    const [message] = discord.channel("#databases").messages();
    expect(await alice.click(message!, "go")).toMatchObject({ ack: { response: "deferred-update" } });
    await message!.waitFor("pressed");
    expect(await alice.click(message!, "Go")).toMatchObject({ ack: { error: "did_not_respond" } });
    expect(alice.errors).toMatchObject([{ kind: "component", detail: "This interaction failed" }]);
  });

  test("choices of a select arrive by value", async () => {
    const seen: string[][] = [];
    const options = [
      { label: "Small", value: "s" },
      { label: "Medium", value: "m" },
    ];
    await connect(async (interaction) => {
      if (interaction.isChatInputCommand()) {
        const select = { type: ComponentType.StringSelect, custom_id: "size", placeholder: "Size", options };
        await interaction.reply({
          components: [{ type: ComponentType.ActionRow, components: [select] }],
          flags: MessageFlags.Ephemeral,
        });
      }
      if (!interaction.isStringSelectMenu()) return;
      seen.push(interaction.values);
      await interaction.update({ content: "chosen", components: [] });
    });
    const alice = discord.user("alice");
    await alice.command("/db status");
    const [message] = alice.ephemerals;
    await expect(alice.choose(message!, "Size", "Large")).rejects.toThrow(
      'It offers: "Small" (s), "Medium" (m)',
    );
    await expect(alice.choose(message!, "size", ["s", "m"])).rejects.toThrow("takes 1 to 1 choices");
    await alice.choose(message!, "Size", "Medium");
    expect(seen).toEqual([["m"]]);
    await expect(discord.user("bob").choose(message!, "size", "s")).rejects.toThrow("does not see");
  });

  test("a modal stays open when its submission fails, and says so", async () => {
    await connect(
      onCommand((interaction) =>
        interaction.showModal({
          custom_id: "form",
          title: "Form",
          components: [
            {
              type: ComponentType.Label,
              label: "Why",
              component: {
                type: ComponentType.TextInput,
                custom_id: "why",
                style: TextInputStyle.Short,
                min_length: 3,
                value: "old",
              },
            },
          ],
        }),
      ),
    );
    const alice = discord.user("alice");
    await alice.command("/db status");
    const modal = await alice.waitForModal("Why: old");
    await modal.type("why", "no");
    await expect(modal.submit()).rejects.toThrow("at least 3");
    await modal.type("why", "new");
    expect(await modal.submit()).toMatchObject({ ack: { acked: false } });
    expect(modal.isOpen).toBe(true);
    expect(modal.text()).toContain("Something went wrong. Try again.");
    expect(modal.value("Why")).toBe("new");
    await modal.close();
    await expect(modal.submit()).rejects.toThrow("is closed");
    expect(discord.callsTo("POST /interactions/{interaction}/{token}/callback")).toHaveLength(1);
  });

  test("a modal submission cannot be answered with a modal, nor a command with an update", async () => {
    const errors: unknown[] = [];
    const form = {
      custom_id: "form",
      title: "Form",
      components: [{ type: ComponentType.TextDisplay as const, content: "Sure?" }],
    };
    await connect(async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.showModal(form);
      if (!interaction.isModalSubmit()) return;
      for (const body of [{ type: 9, data: form }, { type: 6 }]) {
        const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
        errors.push(await failureOf(interaction.client.rest.post(path, { body, auth: false })));
      }
    });
    await discord.user("alice").command("/db status");
    await (await discord.user("alice").waitForModal("Sure?")).submit();
    expect(errors).toMatchObject([
      { code: 50_035, rawError: { errors: { type: { _errors: [{ code: "BASE_TYPE_CHOICES" }] } } } },
      { code: 50_035 },
    ]);
  });

  test("links open in the browser, disabled buttons do nothing", async () => {
    const interaction = await afterCommand((interaction) =>
      interaction.reply({
        components: [
          {
            type: ComponentType.ActionRow,
            components: [
              {
                type: ComponentType.Button,
                style: ButtonStyle.Link,
                label: "Docs",
                url: "https://x.example",
              },
              {
                type: ComponentType.Button,
                style: ButtonStyle.Primary,
                label: "Off",
                custom_id: "off",
                disabled: true,
              },
            ],
          },
        ],
      }),
    );
    const message = await discord.channel("#databases").waitFor(({ id }) => id !== interaction.id);
    const alice = discord.user("alice");
    expect(message.buttons()).toEqual(["Docs", "Off"]);
    expect(await alice.click(message, "Docs")).toEqual({ kind: "opened", url: "https://x.example" });
    await expect(alice.click(message, "Off")).rejects.toThrow("is disabled");
    await expect(alice.click(message, "Missing")).rejects.toThrow('There are: "Docs"');
  });
});
