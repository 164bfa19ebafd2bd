import { type REST, Routes } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import { bits } from "../../playground/discord/permissions.ts";
import { failureOf, makeRest } from "./discord-sample-app.ts";

const nobody = { parse: [] };
const support = "100000000000000001";

interface Wire {
  readonly id: string;
  readonly [field: string]: unknown;
}

describe("threads and permissions over REST", () => {
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
  const startThread = (message: string, name = "orders"): Promise<Wire> =>
    rest.post(Routes.threads(channel, message), { body: { name } }) as Promise<Wire>;
  const patchThread = (id: string, body: object): Promise<unknown> =>
    rest.patch(Routes.channel(id), { body });

  test("a role in text displays rings, and joins the thread", async () => {
    const { id } = await startThread((await post("root")).id);
    await rest.post(Routes.channelMessages(id), {
      body: {
        flags: 1 << 15,
        components: [{ type: 17, components: [{ type: 10, content: `Help <@&${support}>` }] }],
        allowed_mentions: { roles: [support] },
      },
    });
    expect(discord.user("sam").notifications).toMatchObject([{ channelId: id, text: "Help @support" }]);
    expect(await rest.get(Routes.threadMembers(id))).toMatchObject([
      { user_id: discord.applicationId },
      { user_id: discord.user("sam").id },
    ]);
  });

  test("a thread has its message's id, and there is one per message", async () => {
    const { id } = await post("root");
    const thread = await startThread(id);
    expect(thread).toMatchObject({ id, type: 11, parent_id: channel, thread_metadata: { archived: false } });
    expect(await failureOf(startThread(id))).toMatchObject({ code: 160_004 });
    expect(await rest.get(Routes.channelMessage(channel, id))).toMatchObject({ thread: { id }, flags: 32 });
    expect(await failureOf(startThread("1"))).toMatchObject({ code: 10_008 });
    const nested = await post("in the thread", {}, id);
    const deeper = rest.post(Routes.threads(id, nested.id), { body: { name: "x" } });
    expect(await failureOf(deeper)).toMatchObject({ code: 50_024 });
    const { id: forum } = discord.addChannel({ name: "forum", kind: "forum" });
    expect(await failureOf(post("x", {}, forum))).toMatchObject({ code: 50_024 });
  });

  test("posting opens an archived thread, editing in it does not", async () => {
    const { id } = await startThread((await post("root")).id);
    const message = await post("step", {}, id);
    await patchThread(id, { archived: true });
    expect(await failureOf(edit(message.id, "changed", id))).toMatchObject({ code: 50_083 });
    expect(await failureOf(patchThread(id, { name: "new" }))).toMatchObject({ code: 50_083 });
    expect(discord.thread(id).isArchived).toBe(true);
    await post("again", {}, id);
    expect(discord.thread(id).isArchived).toBe(false);
    await patchThread(id, { archived: true, locked: true });
    expect(await failureOf(post("locked", {}, id))).toMatchObject({ code: 160_005 });
    expect(() => discord.user("alice").say("hello", { channel: id })).toThrow("is locked");
    await patchThread(id, { archived: false, locked: false, name: "renamed" });
    expect(discord.thread("renamed").isLocked).toBe(false);
  });

  test("locking takes a permission that archiving one's own thread does not", async () => {
    const { id } = await startThread((await post("root")).id);
    discord.grantPermissions(bits("viewChannel", "sendMessagesInThreads"));
    expect(await failureOf(patchThread(id, { archived: true, locked: true }))).toMatchObject({
      code: 50_013,
    });
    expect(await patchThread(id, { archived: true })).toMatchObject({ thread_metadata: { archived: true } });
    expect(await failureOf(post("not here"))).toMatchObject({ code: 50_013 });
    await post("here", {}, id);
  });

  test("a third rename in ten minutes has to wait, when limits are on", async () => {
    const { id } = await startThread((await post("root")).id);
    discord.setRateLimits("discord");
    for (const name of ["one", "two"]) await patchThread(id, { name });
    expect(await failureOf(patchThread(id, { name: "three" }))).toMatchObject({ scope: "user" });
    await patchThread(id, { name: "two", archived: true });
    expect(discord.thread(id)).toMatchObject({ name: "two", isArchived: true });
  });

  test("a handle knows the thread before it is started, and from within", async () => {
    const { id } = await post("root");
    const root = await discord.channel("#databases").waitFor("root");
    expect(root.thread()).toMatchObject({ id, exists: false });
    expect(() => root.thread().name).toThrow("no thread was started");
    const found = root.thread().waitFor("step");
    await startThread(id);
    await post("step", {}, id);
    expect((await found).thread().id).toBe(id);
  });

  test("what the bot does not see, may not do, or was deleted has its code", async () => {
    const { id } = await post("root");
    const say = discord.user("alice").say("mine", { channel: "#databases" });
    expect(await failureOf(edit(say.id, "stolen"))).toMatchObject({ code: 50_005 });
    expect(await failureOf(rest.delete(Routes.channelMessage(channel, say.id)))).toMatchObject({
      code: 50_013,
    });
    expect(await failureOf(post("x", {}, "123456789012345678"))).toMatchObject({ code: 10_003 });
    expect(await failureOf(post("", { content: "" }))).toMatchObject({ code: 50_006 });
    discord.channel("#databases").removeBot();
    expect(await failureOf(edit(id, "x"))).toMatchObject({ code: 50_001, status: 403 });
    discord.channel("#databases").inviteBot();
    discord.channel("#databases").grantPermissions(bits("viewChannel"));
    expect(await failureOf(post("x"))).toMatchObject({ code: 50_013 });
    discord.channel("#databases").grantPermissions(null);
    const thread = await startThread(id);
    await rest.delete(Routes.channel(thread.id));
    expect(await failureOf(post("x", {}, thread.id))).toMatchObject({ code: 10_003 });
    expect(discord.violations).toEqual([]);
  });
});
