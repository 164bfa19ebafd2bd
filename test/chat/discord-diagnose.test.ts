import { afterEach, describe, expect, test } from "vitest";
import { createDiscordChat } from "../../src/chat/discord/index.ts";
import { type Harness, settingsFor, startHarness } from "./discord-harness.ts";
import { aLog } from "./makers.ts";
import { chatDependencies } from "./scripted-inbound.ts";

let it: Harness;

afterEach(async () => {
  await it.close();
});

describe("commands in Discord", () => {
  test("are registered once, with a subcommand and typed options for each", async () => {
    it = await startHarness();
    const [command] = it.discord.commands;
    expect(it.discord.commands).toHaveLength(1);
    expect(command).toMatchObject({
      name: "db",
      guildId: it.discord.guildId,
      defaultMemberPermissions: null,
    });
    const migrate = command?.options.find(({ name }) => name === "migrate");
    expect(migrate?.options?.map(({ name, autocomplete }) => [name, autocomplete])).toEqual([
      ["addon", true],
      ["plan", true],
      ["version", true],
      ["start", true],
    ]);
    expect(await it.chat.deployCommands()).toMatchObject({ kind: "unchanged" });
    const puts = it.discord.calls.filter(
      ({ method, route }) => method === "PUT" && route.endsWith("/commands"),
    );
    expect(puts).toHaveLength(1);
    expect(it.discord.violations).toEqual([]);
  });

  test("are registered everywhere without a server, for servers alone", async () => {
    it = await startHarness();
    const { guildId: _, ...settings } = settingsFor(it.discord);
    const everywhere = createDiscordChat(settings, chatDependencies(aLog()));
    expect(await everywhere.deployCommands()).toMatchObject({ kind: "deployed" });
    expect(await everywhere.deployCommands()).toMatchObject({ kind: "unchanged" });
    expect(it.discord.commands.find(({ guildId }) => guildId === null)?.contexts).toEqual([0]);
    const lines = await it.chat.diagnose();
    expect(lines.find(({ subject }) => subject === "Discord commands")).toMatchObject({ ok: false });
    expect(it.discord.violations).toEqual([]);
  });
});

describe("doctor", () => {
  test("tells that all is well", async () => {
    it = await startHarness();
    const lines = await it.chat.diagnose();
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(
      lines.map(({ subject, detail }) => `${subject}: ${detail.replace(/\([0-9a-f]{12}\)/u, "(hash)")}`),
    ).toMatchInlineSnapshot(`
      [
        "Discord bot token: of the application Godwit",
        "Discord gateway: 999 of 1000 connections are left for today",
        "Discord server: Acme",
        "Discord permissions: granted in the whole server",
        "Discord commands: /db is up to date (hash)",
        "Discord support: @support can be mentioned",
      ]
    `);
  });

  test("names what keeps support from being called", async () => {
    it = await startHarness();
    it.discord.role("support").mentionable = false;
    const supportOf = async (support: object) => {
      const settings = settingsFor(it.discord, { support: { users: [], ...support } });
      const lines = await createDiscordChat(settings, chatDependencies(aLog())).diagnose();
      return lines.find(({ subject }) => subject === "Discord support");
    };
    expect(await supportOf({ role: "100000000000000001" })).toMatchObject({ ok: false });
    expect(await supportOf({ role: "100000000000000099" })).toMatchObject({ ok: false });
    expect(await supportOf({})).toMatchObject({
      ok: false,
      remedy: expect.stringContaining("support.discord"),
    });
    expect(await supportOf({ users: ["200000000000000003"] })).toMatchObject({ ok: true });
  });
});
