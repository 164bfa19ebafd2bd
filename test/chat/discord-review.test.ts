import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bits, defaultBotPermissions } from "../../playground/discord/permissions.ts";
import { createDiscordChat } from "../../src/chat/discord/index.ts";
import { type Harness, settingsFor, startHarness } from "./discord-harness.ts";
import { confirmation, failed, problemOf, progress, running } from "./news.ts";
import { chatDependencies } from "./scripted-inbound.ts";

const POST = "POST /channels/{channel}/messages";
const DELETE = "DELETE /channels/{channel}/messages/{message}";
const CALLBACK = "POST /interactions/{interaction}/{token}/callback";
const COMMANDS = "GET /applications/{application}/guilds/{guild}/commands";

let it: Harness;
/** How far the bot's clock is ahead of the local Discord's. */
let aheadMs = 0;
/** Codes of what the local Discord refuses in a test; none but where an answer was lost. */
let refusals: number[] = [];

beforeEach(async () => {
  aheadMs = 0;
  refusals = [];
  it = await startHarness({
    deps: {
      clock: {
        now: () => new Date(Date.now() + aheadMs),
        sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      },
    },
  });
});

afterEach(async () => {
  expect(it.discord.violations.map(({ code }) => code)).toEqual(refusals);
  await it.close();
});

async function postRoot(): Promise<ReturnType<Harness["thread"]>> {
  return it.thread(await it.chat.post(it.thread(), confirmation(), "root"));
}

function channelMessages() {
  return it.discord.channel("#databases").messages();
}

describe("an old progress card", () => {
  test.each([
    ["the new card's answer was lost", POST, { acceptedButDropped: true }],
    ["the old card could not be deleted yet", DELETE, { status: 429, retryAfter: 1 }],
  ] as const)("is replaced by one card when %s and newer progress takes over", async (_, route, fault) => {
    const thread = await postRoot();
    const card = await it.chat.post(thread, progress(running), "n2");
    aheadMs = 51 * 60_000;
    it.discord.faults.next(route, fault);
    expect(
      await problemOf(it.chat.update(thread, { id: card, nonce: "n3" }, progress(running))),
    ).toBeDefined();
    await sleep(1_100);
    const done = { ...running, status: "done" } as const;
    const next = await it.chat.update(thread, { id: card, nonce: "n4" }, progress(done));
    const cards = channelMessages()[0]?.thread().messages();
    expect(cards?.map(({ id }) => id)).toEqual([next]);
    expect(cards?.[0]?.text()).toContain("✓ Copy the data");
    expect(await it.chat.update(thread, { id: card, nonce: "n5" }, progress(done))).toBe(next);
    expect(channelMessages()[0]?.thread().messages()).toHaveLength(1);
  });
});

describe("news that a thread does not take", () => {
  test("goes to the channel when Godwit may not write in threads any more", async () => {
    const thread = await postRoot();
    await it.chat.post(thread, progress(running), "n2");
    it.discord.grantPermissions(defaultBotPermissions & ~bits("sendMessagesInThreads"));
    await it.chat.post(thread, failed(), "n3");
    expect(channelMessages()).toHaveLength(2);
    expect(it.discord.user("sam").notifications).toHaveLength(1);
  });

  test("goes without its report when Godwit may not attach files", async () => {
    const thread = await postRoot();
    it.discord.grantPermissions(defaultBotPermissions & ~bits("attachFiles"));
    const page = await it.chat.post(thread, failed(), "n2");
    const [shown] = channelMessages()[0]?.thread().messages() ?? [];
    expect(shown?.id).toBe(page);
    expect(shown?.files).toEqual([]);
    expect(it.discord.user("sam").notifications).toHaveLength(1);
    await it.chat.update(thread, { id: page, nonce: "n3" }, failed());
  });

  test("is edited beside the thread by a process that knows the thread alone", async () => {
    const thread = await postRoot();
    const other = createDiscordChat(settingsFor(it.discord), chatDependencies(it.log));
    await other.post(thread, progress(running), "n2");
    it.discord.faults.next(POST, { status: 403, code: 160_005 });
    const card = await it.chat.post(thread, progress(running), "n3");
    expect(channelMessages()).toHaveLength(2);
    expect(await other.update(thread, { id: card, nonce: "n4" }, progress())).toBe(card);
    expect(channelMessages()[1]?.editCount).toBe(1);
  });
});

describe("the form", () => {
  test("opens again instead of sending choices that are forgotten after a restart", async () => {
    it.inbound.onRoot = () => ({ kind: "refused", code: "50013" });
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    await (await alice.waitForModal("New plan")).submit();
    const told = await alice.waitForEphemeral("Let its role view the channel");
    await it.chat.stop();
    const next = createDiscordChat(settingsFor(it.discord), chatDependencies(it.log));
    await next.start(it.inbound);
    await it.discord.waitForConnections();
    await alice.click(told, "Try again");
    await alice.waitForModal("New plan");
    expect(it.inbound.submissions).toHaveLength(1);
    await next.stop();
  });

  test("offers each database once, and none with an ID that Discord cannot carry", async () => {
    const common = {
      engine: "postgresql",
      engineName: "PostgreSQL",
      version: "15",
      planName: "S",
      zone: "par",
    };
    it.inbound.onSearch = () =>
      ["addon_1", "addon_1", "a".repeat(101)].map((id) => ({ id, name: "orders", ...common }));
    const alice = it.discord.user("alice");
    await alice.command("/db migrate");
    await alice.waitForEphemeral("Which database do you want to migrate?");
  });

  test("tells what to do where no database is found, without a list to type into", async () => {
    const alice = it.discord.user("alice");
    await alice.command("/db migrate");
    const told = await alice.waitForEphemeral("No database was found");
    expect(told.text()).not.toContain("If the list stays empty");
  });
});

describe("an action whose first response lost its answer", () => {
  test.each([{ acceptedButDropped: true }, { acceptedButStatus: 502 }, { status: 502 }] as const)(
    "has its effect once, and is answered: %o",
    async (fault) => {
      await postRoot();
      const alice = it.discord.user("alice");
      await alice.click(channelMessages()[0]!, "Migrate the database");
      const dialog = await alice.waitForEphemeral("Migrate the database?");
      if (!("status" in fault)) refusals = [40_060];
      it.discord.faults.next(CALLBACK, fault);
      await alice.click(dialog, "Migrate");
      await alice.waitForEphemeral("is confirmed");
      expect(it.inbound.presses).toHaveLength(1);
    },
  );

  test("has none where another process has answered", async () => {
    await postRoot();
    const alice = it.discord.user("alice");
    it.discord.faults.next(CALLBACK, { status: 400, code: 40_060 });
    await alice.click(channelMessages()[0]!, "Cancel").catch(() => undefined);
    await sleep(300);
    expect(it.inbound.presses).toEqual([]);
  });
});

test("people are served although the commands' route is limited", async () => {
  await it.chat.stop();
  it.discord.faults.next(COMMANDS, { status: 429, retryAfter: 60 });
  const next = createDiscordChat(settingsFor(it.discord), chatDependencies(it.log));
  await next.start(it.inbound);
  await it.discord.waitForConnections();
  await next.stop();
}, 20_000);
