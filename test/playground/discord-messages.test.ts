import { type REST, Routes } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import { bits } from "../../playground/discord/permissions.ts";
import { failureOf, makeRest } from "./discord-sample-app.ts";

const nobody = { parse: [] };
const support = "100000000000000001";
const dba = "100000000000000002";
const hourMs = 60 * 60_000;

interface Wire {
  readonly id: string;
  readonly [field: string]: unknown;
}

describe("messages over REST", () => {
  let discord: LocalDiscord;
  let rest: REST;
  let channel: string;

  beforeEach(async () => {
    discord = await startLocalDiscord();
    rest = makeRest(discord);
    channel = discord.channel("#databases").id;
  });

  afterEach(() => discord.close());

  const post = (content: string, more: object = {}, place = channel): Promise<Wire> =>
    rest.post(Routes.channelMessages(place), {
      body: { content, allowed_mentions: nobody, ...more },
    }) as Promise<Wire>;
  const edit = (id: string, content: string, place = channel): Promise<unknown> =>
    rest.patch(Routes.channelMessage(place, id), { body: { content, allowed_mentions: nobody } });

  test("a message is posted, edited, read and deleted", async () => {
    const { id } = await post("one");
    await edit(id, "two");
    expect(await rest.get(Routes.channelMessage(channel, id))).toMatchObject({
      content: "two",
      author: { id: discord.applicationId, bot: true },
    });
    const [message] = discord.channel("#databases").messages();
    expect(message).toMatchObject({ editCount: 1, isDeleted: false });
    await rest.delete(Routes.channelMessage(channel, id));
    expect(message?.isDeleted).toBe(true);
    expect(await failureOf(edit(id, "three"))).toMatchObject({ code: 10_008 });
  });

  test("a channel is read page by page, newest first", async () => {
    const ids: string[] = [];
    for (const text of ["a", "b", "c", "d"]) ids.push((await post(text)).id);
    const page = async (query: Record<string, string>): Promise<unknown[]> => {
      const found = await rest.get(Routes.channelMessages(channel), { query: new URLSearchParams(query) });
      return (found as Wire[]).map(({ content }) => content);
    };
    expect(await page({})).toEqual(["d", "c", "b", "a"]);
    expect(await page({ limit: "2" })).toEqual(["d", "c"]);
    expect(await page({ limit: "2", before: ids[2] ?? "" })).toEqual(["b", "a"]);
    expect(await page({ limit: "2", after: ids[0] ?? "" })).toEqual(["c", "b"]);
  });

  test("a nonce that is enforced gives the earlier message for some minutes", async () => {
    const once = { nonce: "n1", enforce_nonce: true };
    const first = await post("one", once);
    expect(await post("one", once)).toMatchObject({ id: first.id, nonce: "n1" });
    expect((await post("one", { nonce: "n1" })).id).not.toBe(first.id);
    discord.clock.advance(10 * 60_000);
    expect((await post("one", once)).id).not.toBe(first.id);
    expect(discord.channel("#databases").messages()).toHaveLength(3);
  });

  test("an edit lists the attachments to keep", async () => {
    const files = [{ name: "a.txt", data: Buffer.from("A") }];
    const body = {
      content: "file",
      allowed_mentions: nobody,
      attachments: [{ id: "0", description: "first" }],
    };
    const posted = (await rest.post(Routes.channelMessages(channel), { body, files })) as Wire;
    const [kept] = posted.attachments as { id: string; url: string }[];
    expect(kept).toMatchObject({ filename: "a.txt", size: 1, description: "first" });
    expect(await (await fetch(kept?.url ?? "")).text()).toBe("A");
    const [message] = discord.channel("#databases").messages();
    await edit(posted.id, "still");
    expect(message?.text()).toBe("still\n[file: a.txt]");
    await rest.patch(Routes.channelMessage(channel, posted.id), {
      body: { attachments: [{ id: kept?.id }, { id: "0" }] },
      files: [{ name: "b.txt", data: Buffer.from("B") }],
    });
    expect(message?.files.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
    await rest.patch(Routes.channelMessage(channel, posted.id), { body: { attachments: [] } });
    expect(message?.files).toEqual([]);
  });

  test("component ids are kept, and counted up where they are left out", async () => {
    const text = (id?: number) => ({ type: 10, content: "x", ...(id === undefined ? {} : { id }) });
    const { components } = await post("", {
      content: undefined,
      flags: 1 << 15,
      components: [text(), { type: 17, id: 7, components: [text(2), text(0)] }, text()],
    });
    const [first, container, last] = components as { id: number; components: { id: number }[] }[];
    expect([
      first?.id,
      container?.id,
      ...(container?.components ?? []).map(({ id }) => id),
      last?.id,
    ]).toEqual([1, 7, 2, 3, 4]);
  });

  test("edits of messages older than an hour are few", async () => {
    const { id } = await post("old");
    for (let count = 0; count < 20; count += 1) await edit(id, `young ${count}`);
    discord.clock.advance(hourMs);
    for (let count = 0; count < 10; count += 1) await edit(id, `old ${count}`);
    await failureOf(edit(id, "one too many"));
    expect(discord.calls.at(-1)).toMatchObject({ status: 429, error: 30_046 });
    expect(discord.channel("#databases").messages()[0]?.text()).toBe("old 9");
  });

  test("a mention rings only whom allowed_mentions lets through, once", async () => {
    const { id: alice } = discord.user("alice");
    const { id: bob } = discord.user("bob");
    await post(`<@${alice}> <@${bob}> <@${bob}> @everyone`, { allowed_mentions: { users: [bob] } });
    expect(discord.user("alice").notifications).toEqual([]);
    expect(discord.user("bob").notifications).toMatchObject([
      { cause: "user", text: "@alice @bob @bob @everyone" },
    ]);
    await post(`\`<@${alice}>\``, { allowed_mentions: { parse: ["users"] } });
    expect(discord.user("alice").notifications).toEqual([]);
    const { id } = await post("quiet");
    await rest.patch(Routes.channelMessage(channel, id), {
      body: { content: `<@${alice}>`, allowed_mentions: { users: [alice] } },
    });
    await post(`<@${alice}>`, { allowed_mentions: { users: [alice] }, flags: 1 << 12 });
    expect(discord.user("alice").notifications).toEqual([]);
  });

  test("a role rings when it is mentionable, or the bot may mention everyone", async () => {
    const allowed_mentions = { roles: [support, dba] };
    await post(`<@&${support}> <@&${dba}>`, { allowed_mentions });
    expect(discord.user("sam").notifications).toMatchObject([{ cause: "role" }]);
    expect(discord.user("alice").notifications).toEqual([]);
    discord.role("support").mentionable = false;
    await post(`<@&${support}>`, { allowed_mentions });
    expect(discord.user("sam").notifications).toHaveLength(1);
    discord.grantPermissions(bits("viewChannel", "sendMessages", "mentionEveryone"));
    await post(`<@&${support}> <@&${dba}> @everyone`, {
      allowed_mentions: { ...allowed_mentions, parse: ["everyone"] },
    });
    expect(discord.user("sam").notifications).toHaveLength(2);
    expect(discord.user("alice").notifications).toHaveLength(1);
    expect(discord.user("eve").notifications).toMatchObject([{ cause: "everyone" }]);
  });

  test("the guild, its roles, its members and the bot can be asked for", async () => {
    expect(await rest.get(Routes.guild(discord.guildId))).toMatchObject({ name: "Acme" });
    const roles = (await rest.get(Routes.guildRoles(discord.guildId))) as Wire[];
    expect(roles.map(({ name }) => name)).toEqual(["@everyone", "support", "dba", "admins"]);
    const { id: gina } = discord.user("gina");
    expect(await rest.get(Routes.guildMember(discord.guildId, gina))).toMatchObject({ flags: 16 });
    const { id: stranger } = discord.addUser({ name: "zoe", kind: "stranger" });
    expect(await failureOf(rest.get(Routes.guildMember(discord.guildId, stranger)))).toMatchObject({
      code: 10_007,
    });
    expect(await rest.get(Routes.user())).toMatchObject({ id: discord.applicationId });
    expect(await rest.get(Routes.currentApplication())).toMatchObject({ id: discord.applicationId });
    expect(await rest.get(Routes.channel(channel))).toMatchObject({ type: 0, name: "databases" });
    expect(await failureOf(rest.get(Routes.guild("1")))).toMatchObject({ code: 10_004 });
  });

  test("commands keep their ids, scopes are apart, and an empty list clears", async () => {
    const command = { name: "db", description: "Databases", type: 1 };
    const guild = Routes.applicationGuildCommands(discord.applicationId, discord.guildId);
    const put = async (body: object[]): Promise<Wire[]> => (await rest.put(guild, { body })) as Wire[];
    const [first] = await put([command]);
    const [again] = await put([{ ...command, description: "All databases" }]);
    expect(again).toMatchObject({ id: first?.id, description: "All databases", guild_id: discord.guildId });
    expect(again?.version).not.toBe(first?.version);
    const global = Routes.applicationCommands(discord.applicationId);
    await rest.put(global, { body: [{ ...command, contexts: [0] }] });
    expect(discord.commands.map(({ guildId, name }) => [guildId, name])).toEqual([
      [discord.guildId, "db"],
      [null, "db"],
    ]);
    await put([]);
    expect(await rest.get(guild)).toEqual([]);
    expect(await rest.get(global)).toMatchObject([{ name: "db", contexts: [0] }]);
    expect(discord.violations).toEqual([]);
  });
});
