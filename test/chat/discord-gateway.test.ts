import { afterEach, describe, expect, test } from "vitest";
import { startLocalDiscord } from "../../playground/discord/index.ts";
import { createDiscordChat } from "../../src/chat/discord/index.ts";
import type { GodwitError } from "../../src/core/failure.ts";
import { type Harness, settingsFor, startHarness } from "./discord-harness.ts";
import { aLog, aMigration } from "./makers.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { chatDependencies, ScriptedInbound } from "./scripted-inbound.ts";

let it: Harness;

afterEach(async () => {
  await it.close();
});

async function answersTo(inbound: ScriptedInbound): Promise<void> {
  const before = inbound.invocations.length;
  inbound.onCommand = () => ({ kind: "status", running: [] });
  await it.discord.user("alice").command("/db status");
  await expect.poll(() => inbound.invocations.length).toBe(before + 1);
}

describe("the gateway", () => {
  test.each<[string, (discord: Harness["discord"]) => void]>([
    ["a cut", ({ gateway }) => gateway.drop()],
    ["a request to reconnect", ({ gateway }) => gateway.askToReconnect()],
    ["close code 4000", ({ gateway }) => gateway.drop(4000)],
  ])("is resumed after %s, and nothing has a second effect", async (_, disturb) => {
    it = await startHarness();
    await answersTo(it.inbound);
    disturb(it.discord);
    await expect.poll(() => it.discord.gateway.resumes, { timeout: 5_000 }).toBe(1);
    await expect.poll(() => it.chat.isConnected(), { timeout: 5_000 }).toBe(true);
    await answersTo(it.inbound);
    expect(it.inbound.invocations).toHaveLength(2);
    expect(it.discord.gateway.identifies).toBe(1);
    expect(it.discord.violations).toEqual([]);
  });

  test("replays what was pressed while it was cut, once", async () => {
    it = await startHarness();
    it.inbound.onCommand = () => ({ kind: "status", running: [] });
    it.discord.gateway.drop();
    await expect.poll(() => it.chat.isConnected()).toBe(false);
    await it.discord.user("alice").command("/db status");
    await it.discord.user("alice").waitForEphemeral("No migration is running.");
    it.discord.gateway.drop();
    await expect.poll(() => it.discord.gateway.resumes, { timeout: 5_000 }).toBe(2);
    expect(it.inbound.invocations).toHaveLength(1);
  });

  test("hands an action on once, although it is brought twice", async () => {
    it = await startHarness();
    const user = { id: "200000000000000001", username: "alice" };
    const member = { user, roles: [], flags: 0 };
    const data = { name: "db", options: [{ type: 1, name: "status", options: [] }] };
    const place = { guild_id: it.discord.guildId, channel_id: it.discord.channel("#databases").id };
    const payload = { id: "1574122256425025536", token: "t", type: 2, ...place, member, data };
    for (let times = 0; times < 2; times += 1) it.discord.gateway.dispatch("INTERACTION_CREATE", payload);
    await answersTo(it.inbound);
    const answered = it.discord.calls.filter(({ path }) =>
      path.startsWith("/interactions/1574122256425025536"),
    );
    expect(answered).toHaveLength(1);
  });

  test("begins anew when its session is lost", async () => {
    it = await startHarness();
    it.discord.gateway.invalidate(false);
    await expect.poll(() => it.discord.gateway.identifies, { timeout: 15_000 }).toBe(2);
    await expect.poll(() => it.chat.isConnected()).toBe(true);
    await answersTo(it.inbound);
  }, 20_000);

  test.each([4004, 4014])("that is closed for good ends the process: %i", async (code) => {
    const errors: GodwitError[] = [];
    it = await startHarness({ deps: { giveUp: (error) => errors.push(error) } });
    it.discord.gateway.drop(code);
    await expect.poll(() => errors.length).toBe(1);
    expect(errors[0]).toMatchObject({
      code: "discord-refused",
      summary: expect.stringContaining(String(code)),
    });
    expect(it.chat.isConnected()).toBe(false);
  });

  test("keeps trying where Discord is away for a while", async () => {
    it = await startHarness();
    await it.chat.stop();
    it.discord.faults.next("GET /gateway/bot", { status: 500 }, { times: 8 });
    await it.chat.start(it.inbound);
    await expect.poll(() => it.chat.isConnected(), { timeout: 15_000 }).toBe(true);
    await answersTo(it.inbound);
  }, 25_000);
});

describe("a token", () => {
  test("that is refused stops the start with a remedy", async () => {
    it = await startHarness();
    await it.chat.stop();
    it.discord.revokeToken();
    await expect(it.chat.start(it.inbound)).rejects.toMatchObject({ code: "discord-refused" });
  });

  test("of another application is told at the start", async () => {
    it = await startHarness();
    const settings = settingsFor(it.discord, { applicationId: "400000000000000099" });
    const chat = createDiscordChat(settings, chatDependencies(aLog()));
    await expect(chat.start(it.inbound)).rejects.toMatchObject({
      code: "discord-refused",
      summary: expect.stringContaining("not to 400000000000000099"),
    });
  });

  test("that is revoked later ends the process when a message is refused", async () => {
    const errors: GodwitError[] = [];
    it = await startHarness({ deps: { giveUp: (error) => errors.push(error) } });
    it.discord.revokeToken();
    await expect.poll(() => errors.length).toBe(1);
    const news = { kind: "retired", migration: aMigration() } as const;
    await expect(it.chat.post(it.thread(), news, "n1")).rejects.toMatchObject({
      problem: { kind: "unreachable" },
    });
    await expect(it.chat.post(it.thread(), news, "n1")).rejects.toMatchObject({
      problem: { kind: "unreachable" },
    });
    expect(errors.map(({ code }) => code)).toEqual(["discord-refused"]);
  });

  test("cannot be checked where Discord is out of reach", async () => {
    it = await startHarness();
    const gone = await startLocalDiscord();
    const chat = createDiscordChat(settingsFor(gone), chatDependencies(aLog()));
    await gone.close();
    await expect(chat.start(it.inbound)).rejects.toMatchObject({
      code: "discord-unreachable",
      class: "transient",
    });
  });
});

describe("the right to the gateway", () => {
  test("is held by one process; another stands by, and takes over when it is released", async () => {
    const ownership = oneAtATime();
    it = await startHarness({ deps: { ownership } });
    const inbound = new ScriptedInbound();
    const other = createDiscordChat(settingsFor(it.discord), { ...chatDependencies(aLog()), ownership });
    await other.start(inbound);
    expect(other.isConnected()).toBe(true);
    expect(it.discord.gateway.connectionCount).toBe(1);
    await answersTo(it.inbound);
    await it.chat.stop();
    await it.discord.waitForConnections(1);
    await expect.poll(() => it.discord.gateway.identifies).toBe(2);
    await answersTo(inbound);
    await other.stop();
    expect(it.inbound.invocations).toHaveLength(1);
  }, 15_000);

  test("that is lost ends the connection at once, and is asked for again", async () => {
    const ownership = oneAtATime();
    it = await startHarness({ deps: { ownership } });
    ownership.lose();
    await expect.poll(() => it.discord.gateway.identifies, { timeout: 5_000 }).toBe(2);
    expect(it.discord.gateway.connectionCount).toBe(1);
    await answersTo(it.inbound);
  });
});
