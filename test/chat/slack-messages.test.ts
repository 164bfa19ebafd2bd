import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeliveryProblem } from "../../src/core/ports/chat.ts";
import { hostileNews } from "./hostile-news.ts";
import { aThread, at } from "./makers.ts";
import { confirmation, failed, problemOf, progress } from "./news.ts";
import { type Harness, startHarness } from "./slack-harness.ts";

let it: Harness;

beforeEach(async () => {
  it = await startHarness();
});

afterEach(async () => {
  await it.close();
});

describe("a thread in Slack", () => {
  test("begins with the plan, carries replies, and edits them with text and blocks both", async () => {
    const root = await it.chat.post(aThread(), confirmation(), "n1");
    const thread = aThread({ rootId: root });
    const card = await it.chat.post(thread, progress({ status: "running", startedAt: at("14:00:03") }), "n2");
    await it.chat.update(
      thread,
      { id: card, nonce: "n3" },
      progress({ status: "done", startedAt: at("14:00:03"), finishedAt: at("14:01:00") }),
    );
    const [message] = it.slack.channel("#databases").messages();
    expect(message?.buttons()).toEqual(["Migrate the database", "Cancel"]);
    expect(message?.fallback).toContain("78.50 EUR more per month");
    const reply = message?.thread().messages()[0];
    expect(reply?.text()).toContain("Done in 57 s");
    expect(reply?.editCount).toBe(1);
    expect(it.slack.callsTo("chat.update")[0]?.args).toHaveProperty("text");
    expect(it.slack.violations).toEqual([]);
    expect(await it.chat.link(thread)).toContain("https://");
  });

  test("calls support with a mention that reaches the group", async () => {
    await it.chat.post(aThread(), failed(), "n1");
    expect(it.slack.user("sam").notifications).toHaveLength(1);
    const [message] = it.slack.channel("#databases").messages();
    expect(message?.text().split("\n")[0]).toBe("@support: please look at add-on addon_orders.");
  });

  test("falls back to a list when Slack refuses the progress card, and stays there", async () => {
    it.slack.faults.next("chat.postMessage", { error: "invalid_blocks" });
    await it.chat.post(aThread(), progress({ status: "running", startedAt: at("14:00:03") }), "n1");
    const [message] = it.slack.channel("#databases").messages();
    expect(message?.text()).toContain("✓ Check: Done in 3.0 s");
    await it.chat.post(aThread(), progress(), "n2");
    expect(it.slack.callsTo("chat.postMessage")).toHaveLength(3);
  });

  test("sends the bare words when Slack refuses every block", async () => {
    it.slack.faults.next("chat.postMessage", { error: "invalid_blocks" });
    await it.chat.post(aThread(), failed(), "n1");
    const [message] = it.slack.channel("#databases").messages();
    expect(message?.text()).toContain("The connection was lost.");
    expect(it.slack.user("sam").notifications).toHaveLength(1);
  });

  test("finds a doubtful post again with a history scope, and says unknown without", async () => {
    const thread = aThread({ rootId: await it.chat.post(aThread(), confirmation(), "n1") });
    const id = await it.chat.post(thread, progress(), "n2");
    expect(await it.chat.find(thread, "n2")).toBe("unknown");
    it.slack.grantScopes(["chat:write", "channels:history"]);
    expect(await it.chat.find(thread, "n2")).toEqual({ id });
    expect(await it.chat.find(thread, "n9")).toBe("absent");
  });
});

describe("a failed delivery to Slack", () => {
  test.each<[string, Parameters<Harness["slack"]["faults"]["next"]>[1], DeliveryProblem, DeliveryProblem]>([
    [
      "429",
      { status: 429, retryAfter: 7 },
      { kind: "rate-limited", retryAfterMs: 7000 },
      { kind: "rate-limited", retryAfterMs: 7000 },
    ],
    ["HTTP 500", { status: 500 }, { kind: "doubtful" }, { kind: "unreachable" }],
    ["a cut connection", { drop: true }, { kind: "doubtful" }, { kind: "unreachable" }],
    ["fatal_error", { error: "fatal_error" }, { kind: "doubtful" }, { kind: "unreachable" }],
    ["token_revoked", { error: "token_revoked" }, { kind: "unreachable" }, { kind: "unreachable" }],
    [
      "is_archived",
      { error: "is_archived" },
      { kind: "permanent", code: "is_archived" },
      { kind: "permanent", code: "is_archived" },
    ],
  ])("is told apart: %s", async (_, fault, post, edit) => {
    it.slack.faults.next("chat.postMessage", fault);
    expect(await problemOf(it.chat.post(aThread(), failed(), "n1"))).toEqual(post);
    it.slack.faults.next("chat.update", fault);
    expect(await problemOf(it.chat.update(aThread(), { id: "1.1", nonce: "n2" }, failed()))).toEqual(edit);
    expect(it.slack.callsTo("chat.postMessage").length).toBeLessThanOrEqual(1);
  });

  test("is final where the bot is not in the channel", async () => {
    it.slack.channel("#databases").removeBot();
    expect(await problemOf(it.chat.post(aThread(), confirmation(), "n1"))).toEqual({
      kind: "permanent",
      code: "not_in_channel",
    });
  });
});

describe("hostile names", () => {
  test.each(hostileNews.map((item) => [item.kind, item] as const))(
    "mention nobody and break no limit: %s",
    async (kind, item) => {
      await it.chat.post(aThread(), item, "n1");
      expect(it.slack.violations).toEqual([]);
      const [message] = it.slack.channel("#databases").messages();
      expect(message?.fallback).not.toContain("<!");
      expect(message?.text()).not.toContain("\u202e");
      expect(it.slack.user("bob").notifications).toEqual([]);
      expect(it.slack.user("alice").notifications).toEqual([]);
      expect(it.slack.user("sam").notifications).toHaveLength(kind === "failed" ? 1 : 0);
      expect(it.slack.callsTo("chat.postMessage")).toHaveLength(1);
    },
  );
});
