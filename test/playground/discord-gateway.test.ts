import { type Client, Events, GatewayIntentBits } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type LocalDiscord,
  type LocalDiscordOptions,
  startLocalDiscord,
} from "../../playground/discord/index.ts";
import { failureOf, makeClient, onCommand, registerCommands, startClient } from "./discord-sample-app.ts";

/** discord.js waits five seconds between two IDENTIFYs. */
const identifyPause = { timeoutMs: 15_000 };

describe("the gateway and discord.js", () => {
  let discord: LocalDiscord;
  const clients: Client[] = [];
  const answered: string[] = [];

  async function start(options: LocalDiscordOptions = {}): Promise<void> {
    discord = await startLocalDiscord(options);
    await registerCommands(discord);
  }

  async function connect(options: Parameters<typeof startClient>[2] = {}): Promise<Client<true>> {
    const answer = onCommand(async (interaction) => {
      answered.push(interaction.id);
      await interaction.reply("here");
    });
    const client = await startClient(discord, answer, options);
    clients.push(client);
    return client;
  }

  beforeEach(() => answered.splice(0));

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.destroy()));
    await discord.close();
  });

  const ask = () => discord.user("alice").command("/db status");

  test("a client without intents is ready without hearing of the guild", async () => {
    await start();
    const client = await connect();
    expect(client.user.id).toBe(discord.applicationId);
    expect(discord.gateway.identifies).toBe(1);
    expect(discord.calls.map(({ path }) => path)).toContain("/gateway/bot");
    expect(await ask()).toMatchObject({ acked: true, text: "here" });
  });

  test("a client with the guilds intent knows the guild and its channels", async () => {
    await start();
    const client = await connect({ intents: [GatewayIntentBits.Guilds] });
    const guild = client.guilds.cache.get(discord.guildId);
    expect(guild?.name).toBe("Acme");
    expect(guild?.roles.cache.get("100000000000000001")?.mentionable).toBe(true);
    const created = new Promise((resolve) => client.once(Events.ChannelCreate, resolve));
    discord.addChannel({ name: "second" });
    await created;
    expect(guild?.channels.cache.map(({ name }) => name)).toEqual(["databases", "second"]);
  });

  test.each([
    ["cut abnormally", undefined],
    ["closed with 4000", 4000],
  ])("a connection %s resumes and gets what it missed, once", async (_, code) => {
    await start();
    const client = await connect();
    const resumed = new Promise((resolve) => client.once(Events.ShardResume, resolve));
    discord.gateway.drop(code);
    await discord.waitForConnections(0);
    const reply = ask();
    await resumed;
    expect(await reply).toMatchObject({ acked: true });
    expect(await ask()).toMatchObject({ acked: true });
    expect(answered).toHaveLength(2);
    expect(discord.gateway).toMatchObject({ identifies: 1, resumes: 1, connectionCount: 1 });
  });

  test("asked to reconnect, it resumes", async () => {
    await start();
    await connect();
    discord.gateway.askToReconnect();
    await discord.waitForConnections(0);
    await discord.waitForConnections(1);
    expect(discord.gateway).toMatchObject({ identifies: 1, resumes: 1 });
    expect(await ask()).toMatchObject({ acked: true });
  });

  test("told that its session is invalid but resumable, it resumes", async () => {
    await start();
    await connect();
    discord.gateway.invalidate(true);
    await discord.waitForConnections(0);
    await discord.waitForConnections(1);
    expect(discord.gateway).toMatchObject({ identifies: 1, resumes: 1 });
    expect(await ask()).toMatchObject({ acked: true });
  });

  test("told that its session is over, it identifies anew", async () => {
    await start();
    await connect();
    discord.gateway.invalidate(false);
    await discord.waitForConnections(0);
    expect(discord.gateway.sessions).toEqual([]);
    await discord.waitForConnections(1, identifyPause);
    expect(discord.gateway).toMatchObject({ identifies: 2, resumes: 0 });
    expect(await ask()).toMatchObject({ acked: true });
  });

  test("closed with 1000 the session is over, and it identifies anew", async () => {
    await start();
    await connect();
    discord.gateway.drop(1000);
    await discord.waitForConnections(0);
    expect(await ask()).toMatchObject({ acked: false, error: "not_connected" });
    await discord.waitForConnections(1, identifyPause);
    expect(discord.gateway).toMatchObject({ identifies: 2, resumes: 0 });
    expect(await ask()).toMatchObject({ acked: true });
  });

  test("a zombie is noticed by its missing acknowledgement, and nothing is lost", async () => {
    await start({ heartbeatIntervalMs: 200 });
    await connect();
    discord.gateway.silence();
    const reply = ask();
    await discord.waitForConnections(0);
    await discord.waitForConnections(1);
    expect(await reply).toMatchObject({ acked: true });
    expect(discord.gateway).toMatchObject({ identifies: 1, resumes: 1 });
  });

  test("a client that leaves ends its session", async () => {
    await start();
    const client = await connect();
    await client.destroy();
    await discord.waitForConnections(0);
    expect(discord.gateway.sessions).toEqual([]);
    expect(await ask()).toMatchObject({ acked: false, error: "not_connected" });
  });

  test("a wrong token does not log in", async () => {
    await start();
    const client = makeClient(discord);
    clients.push(client);
    expect(await failureOf(client.login("wrong"))).toMatchObject({ code: "TokenInvalid" });
    expect(discord.gateway.identifies).toBe(0);
  });

  test("a revoked token disconnects for good", async () => {
    await start();
    const client = await connect();
    const gone = new Promise<number>((resolve) =>
      client.once(Events.ShardDisconnect, ({ code }) => resolve(code)),
    );
    discord.revokeToken();
    expect(await gone).toBe(4004);
    expect(discord.gateway.sessions).toEqual([]);
  });

  test("a privileged intent that is not switched on is refused", async () => {
    await start();
    const client = makeClient(discord, { intents: [GatewayIntentBits.MessageContent] });
    clients.push(client);
    expect(await failureOf(client.login(discord.token))).toMatchObject({
      message: expect.stringContaining("disallowed intents") as string,
    });
  });

  test("each of two sessions gets every interaction, and only one answer counts", async () => {
    await start();
    await connect();
    await connect();
    expect(await ask()).toMatchObject({ acked: true });
    await discord.channel("#databases").waitFor(() => answered.length === 2);
    expect(new Set(answered).size).toBe(1);
    expect(discord.channel("#databases").messages()).toHaveLength(1);
  });
});
