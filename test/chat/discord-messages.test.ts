import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDiscordChat } from "../../src/chat/discord/index.ts";
import type { DeliveryProblem } from "../../src/core/ports/chat.ts";
import { type Harness, settingsFor, startHarness } from "./discord-harness.ts";
import { at } from "./makers.ts";
import { confirmation, failed, problemOf, progress, running, succeeded } from "./news.ts";
import { chatDependencies } from "./scripted-inbound.ts";

const POST = "POST /channels/{channel}/messages";
const PATCH = "PATCH /channels/{channel}/messages/{message}";
const THREAD = "POST /channels/{channel}/messages/{message}/threads";

let it: Harness;
/** How far the bot's clock is ahead of the local Discord's. */
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  it = await startHarness({
    deps: {
      clock: {
        now: () => new Date(Date.now() + aheadMs),
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 100)).unref()),
      },
    },
  });
});

afterEach(async () => {
  expect(it.discord.violations).toEqual([]);
  await it.close();
});

async function postRoot(): Promise<ReturnType<Harness["thread"]>> {
  return it.thread(await it.chat.post(it.thread(), confirmation(), "root"));
}

function channelMessages() {
  return it.discord.channel("#databases").messages();
}

describe("a thread in Discord", () => {
  test("begins with the plan, is named after the move, carries replies and edits them", async () => {
    const thread = await postRoot();
    const card = await it.chat.post(thread, progress(running), "n2");
    const done = { ...running, status: "done", finishedAt: at("14:01:00") } as const;
    expect(await it.chat.update(thread, { id: card, nonce: "n3" }, progress(done))).toBe(card);
    await it.chat.update(
      thread,
      { id: thread.rootId ?? "", nonce: "n4" },
      confirmation({ state: "cancelled" }),
    );
    const [root] = channelMessages();
    expect(root?.text()).toContain("Nothing was started.");
    expect(root?.buttons()).toEqual([]);
    expect(root?.thread().name).toBe("orders: PostgreSQL 15 to 18, plan S to M");
    expect(root?.thread().messages()[0]?.text()).toContain("✓ Copy the data: Done in 57 s");
    expect(await it.chat.link(thread)).toBe(root?.permalink());
    expect(await it.chat.link({ ...thread, workspace: "" })).toBe(root?.permalink());
  });

  test("that exists already is used by a process that does not know it", async () => {
    const thread = await postRoot();
    await it.chat.post(thread, progress(), "n2");
    const other = createDiscordChat(settingsFor(it.discord), chatDependencies(it.log));
    await other.post(thread, progress(running), "n3");
    expect(channelMessages()[0]?.thread().messages()).toHaveLength(2);
    expect(it.discord.callsTo(THREAD).map(({ error }) => error)).toEqual([undefined, 160_004]);
  });

  test("calls support once, in a new message, and nobody else", async () => {
    const thread = await postRoot();
    const page = await it.chat.post(thread, failed(), "n2");
    expect(it.discord.user("sam").notifications).toHaveLength(1);
    await it.chat.update(thread, { id: page, nonce: "n3" }, failed());
    expect(it.discord.user("sam").notifications).toHaveLength(1);
    const bodies = it.discord.calls.flatMap(({ body }) => mentionsOf(body));
    expect(bodies.filter((mentions) => JSON.stringify(mentions) !== '{"parse":[]}')).toEqual([
      { parse: [], roles: ["100000000000000001"] },
    ]);
  });

  test("makes no sound for progress, and some for everything else", async () => {
    const thread = await postRoot();
    for (const [index, news] of [progress(running), failed(), succeeded()].entries())
      await it.chat.post(thread, news, `q${index}`);
    const quiet = it.discord.callsTo(POST).map(({ body }) => (flagsOf(body) & 4096) !== 0);
    expect(quiet).toEqual([false, true, false, false]);
  });

  test("ends with a report, and is archived", async () => {
    const thread = await postRoot();
    await it.chat.post(thread, succeeded(), "n2");
    const found = channelMessages()[0]?.thread();
    expect(found?.isArchived).toBe(true);
    const [result] = found?.messages() ?? [];
    expect(result?.text()).toContain("[file: godwit-mig_0123456789abcdef.md]");
    expect(result?.files[0]?.content).toContain("Rows: 1,234,567");
    expect(result?.files[0]?.content).toContain("Copy the data: done in 1 min");
    expect(JSON.stringify(result?.files)).not.toMatch(/postgres(ql)?:\/\//u);
  });

  test("stays open when a migration failed, with what is known attached", async () => {
    const thread = await postRoot();
    const page = await it.chat.post(thread, failed(), "n2");
    await it.chat.update(thread, { id: page, nonce: "n3" }, failed());
    const found = channelMessages()[0]?.thread();
    expect(found?.isArchived).toBe(false);
    expect(found?.messages()[0]?.files).toHaveLength(1);
    expect(found?.messages()[0]?.files[0]?.content).toContain("`copy-interrupted`");
  });

  test("that is archived is opened for an edit, and archived again", async () => {
    const thread = await postRoot();
    const card = await it.chat.post(thread, progress(running), "n2");
    await it.chat.post(thread, succeeded(), "n3");
    await it.chat.update(thread, { id: card, nonce: "n4" }, progress());
    const found = channelMessages()[0]?.thread();
    expect(found?.isArchived).toBe(true);
    expect(found?.messages()[0]?.editCount).toBe(1);
  });

  test.each([
    ["inside another thread", 50_024],
    ["where too many are open", 160_006],
    ["without the right to begin one", 50_013],
  ])("cannot be begun %s: the channel takes the answers", async (_, code) => {
    const thread = await postRoot();
    it.discord.faults.next(THREAD, { status: 400, code });
    await it.chat.post(thread, progress(running), "n2");
    await it.chat.post(thread, failed(), "n3");
    const [root, card, page] = channelMessages();
    expect(card?.raw.referencedId).toBe(root?.id);
    expect(page?.raw.referencedId).toBe(root?.id);
    expect(it.discord.callsTo(THREAD)).toHaveLength(1);
    expect(await it.chat.find(thread, "n3")).toEqual({ id: page?.id });
  });

  test("that somebody has deleted does not swallow the page", async () => {
    const thread = await postRoot();
    await it.chat.post(thread, progress(running), "n2");
    it.discord.faults.next(POST, { status: 404, code: 10_003 });
    await it.chat.post(thread, failed(), "n3");
    expect(channelMessages()).toHaveLength(2);
    expect(it.discord.user("sam").notifications).toHaveLength(1);
  });

  test("gets a new card before the old one is an hour old", async () => {
    const thread = await postRoot();
    const card = await it.chat.post(thread, progress(running), "n2");
    aheadMs = 51 * 60_000;
    const next = await it.chat.update(thread, { id: card, nonce: "n3" }, progress(running));
    expect(next).not.toBe(card);
    expect(await it.chat.update(thread, { id: card, nonce: "n3" }, progress(running))).toBe(next);
    const messages = channelMessages()[0]?.thread().messages();
    expect(messages?.map(({ id }) => id)).toEqual([next]);
    expect(it.discord.callsTo(PATCH).filter(({ path }) => path.endsWith(card))).toEqual([]);
  });
});

describe("a doubtful post to Discord", () => {
  test.each([{ acceptedButDropped: true }, { acceptedButStatus: 502 }] as const)(
    "is found again, and stands there once: %o",
    async (fault) => {
      const thread = await postRoot();
      it.discord.faults.next(POST, fault);
      expect(await problemOf(it.chat.post(thread, progress(running), "n2"))).toEqual({ kind: "doubtful" });
      const found = await it.chat.find(thread, "n2");
      expect(found).toEqual({ id: channelMessages()[0]?.thread().messages()[0]?.id });
      expect(await it.chat.post(thread, progress(running), "n2")).toBe((found as { id: string }).id);
      expect(await it.chat.find(thread, "n9")).toBe("absent");
    },
  );
});

describe("a failed delivery to Discord", () => {
  const rateLimited = { kind: "rate-limited", retryAfterMs: expect.closeTo(7_050, -3) as number } as const;
  const permanent = { kind: "permanent", code: "50013" } as const;
  test.each<[string, Parameters<Harness["discord"]["faults"]["next"]>[1], DeliveryProblem, DeliveryProblem]>([
    ["429", { status: 429, retryAfter: 7 }, rateLimited, rateLimited],
    ["HTTP 500", { status: 500 }, { kind: "doubtful" }, { kind: "unreachable" }],
    ["a cut connection", { drop: true }, { kind: "doubtful" }, { kind: "unreachable" }],
    ["missing permissions", { status: 403, code: 50_013 }, permanent, permanent],
  ])("is told apart: %s", async (_, fault, post, edit) => {
    it.discord.faults.next(POST, fault);
    expect(await problemOf(it.chat.post(it.thread(), confirmation(), "n1"))).toEqual(post);
    const [id, nonce] = ["1574122256425025536", "n2"];
    it.discord.faults.next(PATCH, fault);
    expect(await problemOf(it.chat.update(it.thread(id), { id, nonce }, confirmation()))).toEqual(edit);
    expect(it.discord.callsTo(POST).length).toBeLessThanOrEqual(1);
  });

  test("is postponed where nobody answers", async () => {
    await it.discord.close();
    expect(await problemOf(it.chat.post(it.thread(), failed(), "n1"))).toEqual({ kind: "unreachable" });
  });

  test("never delays an answer to a person", async () => {
    it.discord.setRateLimits("discord");
    it.inbound.onCommand = () => ({ kind: "status", running: [] });
    const posts = Array.from({ length: 8 }, (_, index) =>
      it.chat.post(it.thread(), confirmation(), `p${index}`),
    );
    const problems = (await Promise.allSettled(posts)).filter(({ status }) => status === "rejected");
    expect(problems.length).toBeGreaterThan(0);
    for (const post of posts) await post.catch((error) => expect(error.problem.kind).toBe("rate-limited"));
    await it.discord.user("alice").command("/db status");
    await it.discord.user("alice").waitForEphemeral("No migration is running.");
    for (const { ms } of it.discord.ackLatencies) expect(ms).toBeLessThan(1000);
  });

  test("is final where the bot may not see the channel", async () => {
    it.discord.channel("#databases").removeBot();
    expect(await problemOf(it.chat.post(it.thread(), failed(), "n1"))).toEqual({
      kind: "permanent",
      code: "50001",
    });
  });
});

function mentionsOf(body: unknown): unknown[] {
  return typeof body === "object" && body !== null && "allowed_mentions" in body
    ? [body.allowed_mentions]
    : [];
}

function flagsOf(body: unknown): number {
  return typeof body === "object" && body !== null && "flags" in body ? Number(body.flags) : 0;
}
