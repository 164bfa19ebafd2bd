import { ButtonStyle, type Client, ComponentType } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type LocalDiscord,
  renderText,
  type Snapshot,
  startLocalDiscord,
} from "../../playground/discord/index.ts";
import { registerCommands, startClient } from "./discord-sample-app.ts";

const alice = "200000000000000001";
const databases = "500000000000000001";

describe("what a page sees and does", () => {
  let discord: LocalDiscord;
  let client: Client;
  const chosen: string[] = [];

  beforeEach(async () => {
    chosen.length = 0;
    discord = await startLocalDiscord();
    await registerCommands(discord);
    client = await startClient(discord, async (interaction) => {
      if (interaction.isAutocomplete())
        await interaction.respond([{ name: "orders", value: "addon_orders" }]);
      if (interaction.isChatInputCommand()) {
        chosen.push(interaction.options.getString("addon") ?? "");
        await interaction.showModal({
          custom_id: "form",
          title: "Form",
          components: [
            {
              type: ComponentType.Label,
              label: "Plan",
              component: {
                type: ComponentType.StringSelect,
                custom_id: "plan",
                options: [
                  { label: "S", value: "s", default: true },
                  { label: "M", value: "m" },
                ],
              },
            },
          ],
        });
      }
      if (interaction.isModalSubmit()) {
        chosen.push(...interaction.fields.getStringSelectValues("plan"));
        const go = {
          type: ComponentType.Button,
          style: ButtonStyle.Danger,
          label: "Go",
          custom_id: "go",
        } as const;
        const size = {
          type: ComponentType.StringSelect,
          custom_id: "size",
          options: [{ label: "Big", value: "big" }],
        } as const;
        await interaction.reply({
          content: "Ready",
          components: [
            { type: ComponentType.ActionRow, components: [go] },
            { type: ComponentType.ActionRow, components: [size] },
          ],
        });
      }
      if (interaction.isMessageComponent()) {
        chosen.push(interaction.isStringSelectMenu() ? interaction.values.join() : interaction.customId);
        await interaction.deferUpdate();
      }
    });
  });

  afterEach(async () => {
    await client.destroy();
    await discord.close();
  });

  const place = { user: alice, channel: databases };

  test("acts by ids and hears every change", async () => {
    const kinds: string[] = [];
    const unsubscribe = discord.subscribe(({ kind }) => kinds.push(kind));
    const typing = { ...place, text: "/db migrate", options: { addon: "or" }, option: "addon" };
    expect(await discord.act({ type: "autocomplete", ...typing })).toEqual([
      { name: "orders", value: "addon_orders" },
    ]);
    await discord.act({ type: "command", ...place, text: "/db migrate", options: { addon: "addon_orders" } });
    const { id: modal } = await discord.user("alice").waitForModal();
    await discord.act({ type: "fill", user: alice, modal, field: "plan", value: ["m"] });
    expect(await discord.act({ type: "submit", user: alice, modal })).toMatchObject({ kind: "sent" });
    const { id: message } = await discord.channel("#databases").waitFor("Ready");
    await discord.act({ type: "press", ...place, message, button: "go" });
    await discord.act({ type: "choose", ...place, message, select: "size", values: "Big" });
    expect(chosen).toEqual(["addon_orders", "m", "go", "big"]);
    unsubscribe();
    await discord.act({ type: "say", ...place, text: "thanks" });
    expect(kinds.filter((kind) => kind !== "api-call" && kind !== "interaction-updated")).toEqual([
      "modal-opened",
      "modal-updated",
      "modal-updated",
      "message-posted",
      "modal-closed",
    ]);
    expect(discord.violations).toEqual([]);
  });

  test("nobody acts in another person's modal", async () => {
    await discord.user("alice").command("/db migrate orders");
    const { id: modal } = await discord.user("alice").waitForModal();
    const bob = discord.user("bob").id;
    await expect(discord.act({ type: "close", user: bob, modal })).rejects.toThrow("has no open modal");
    await discord.act({ type: "close", user: alice, modal });
    expect(discord.user("alice").modals).toEqual([]);
  });

  test("the snapshot is a copy that survives JSON", async () => {
    await discord.user("alice").command("/db migrate orders");
    await discord.user("alice").waitForModal();
    discord.user("bob").say(`hello <@${alice}>`, { channel: "#databases" });
    const snapshot = discord.snapshot();
    const taken = JSON.stringify(snapshot);
    await (await discord.user("alice").waitForModal()).choose("plan", "M");
    discord.user("bob").say("later", { channel: "#databases" });
    expect(JSON.stringify(snapshot)).toBe(taken);
    expect(JSON.parse(taken) as Snapshot).toEqual(snapshot);
    expect(snapshot.messages.map(({ content }) => content)).toEqual([`hello <@${alice}>`]);
    expect(snapshot.modals[alice]).toMatchObject([{ title: "Form", values: { plan: ["s"] }, state: "open" }]);
    expect(snapshot.interactions[alice]).toMatchObject([{ commandName: "db migrate", state: "answered" }]);
    expect(snapshot.commands).toMatchObject([
      { name: "db", options: [{ name: "migrate" }, { name: "status" }] },
    ]);
    expect(snapshot.notifications).toMatchObject([{ userId: alice }]);
    expect(snapshot.roles.map(({ name }) => name)).toContain("support");
    expect(snapshot).toMatchObject({ connections: 1, guild: { name: "Acme" } });
  });

  test("a wait in vain tells what was there instead", async () => {
    discord.user("bob").say("something else", { channel: "#databases" });
    await expect(discord.channel("#databases").waitFor("wanted", { timeoutMs: 20 })).rejects.toThrow(
      /matches wanted: nothing within 20 ms.*\n- something else/,
    );
    const endless = discord.user("alice").waitForModal(/never/, { timeoutMs: 60_000 });
    const ended = expect(endless).rejects.toThrow("the local Discord was closed");
    await discord.close();
    await ended;
  });
});

describe("renderText", () => {
  const read = (content: string): string =>
    renderText({ content, components: [], attachments: [], flags: 0, isThinking: false });

  test("reads markdown as a person does", () => {
    expect(read("# Title\n-# small\n> quote")).toBe("Title\nsmall\nquote");
    expect(read("**bold** *it* _it_ __under__ ~~gone~~ ||secret||")).toBe("bold it it under gone secret");
    expect(read("[docs](https://x.example/a_b_c)")).toBe("docs (https://x.example/a_b_c)");
    expect(read("snake_case_name 2 * 3 * 4")).toBe("snake_case_name 2 * 3 * 4");
    expect(read("\\*not\\* \\`code\\` \\[x\\](y)")).toBe("*not* `code` [x](y)");
  });

  test("leaves code alone", () => {
    expect(read("`**a** <@1>` and ```sql\nselect * from b\n```")).toBe("**a** <@1> and select * from b\n");
  });

  test("resolves mentions, commands and times", () => {
    expect(read("<@12> <@&34> <#56> </db migrate:78> <t:0:R>")).toBe(
      "@12 @34 #56 /db migrate 1970-01-01 00:00 UTC",
    );
  });

  test("draws sections, galleries, selects and the files a component shows", () => {
    const text = (id: number, content: string) => ({ type: 10 as const, id, content });
    const attachment = {
      id: "1",
      name: "hidden.txt",
      sizeBytes: 1,
      contentType: "",
      description: null,
      content: "",
    };
    const message = {
      content: "",
      flags: 1 << 15,
      isThinking: false,
      attachments: [attachment],
      components: [
        {
          type: 9 as const,
          id: 1,
          components: [text(2, "Section")],
          accessory: {
            type: 11 as const,
            id: 3,
            media: { url: "https://x.example/a.png" },
            description: "A bird",
          },
        },
        { type: 14 as const, id: 4 },
        { type: 12 as const, id: 5, items: [{ media: { url: "attachment://b.png" } }] },
        { type: 13 as const, id: 6, file: { url: "attachment://report.txt" } },
      ],
    };
    expect(renderText(message)).toBe(
      "Section\n[image: A bird]\n[image: attachment://b.png]\n[file: report.txt]",
    );
  });
});
