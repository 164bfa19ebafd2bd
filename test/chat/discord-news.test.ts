import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bits, defaultBotPermissions } from "../../playground/discord/permissions.ts";
import { type Harness, startHarness } from "./discord-harness.ts";
import { hostileNews } from "./hostile-news.ts";
import { confirmation, everyKind } from "./news.ts";

let it: Harness;

beforeEach(async () => {
  it = await startHarness();
});

afterEach(async () => {
  expect(it.discord.violations).toEqual([]);
  await it.close();
});

describe("every kind of news in Discord", () => {
  test.each(Object.entries(everyKind))(
    "is drawn in the thread, and calls support where it should: %s",
    async (kind, news) => {
      const thread = it.thread(await it.chat.post(it.thread(), confirmation(), "root"));
      await it.chat.post(thread, news, "n2");
      expect(it.discord.channel("#databases").messages()[0]?.thread().messages()[0]?.text()).toMatch(
        /orders|mig_/u,
      );
      const calls = ["failed", "overdue", "support-called", "page-escalated"].includes(kind) ? 1 : 0;
      expect(it.discord.user("sam").notifications, "calls for support").toHaveLength(calls);
    },
  );
});

describe("hostile names in Discord", () => {
  test.each(hostileNews.map((item) => [item.kind, item] as const))(
    "mention nobody and break no limit: %s",
    async (kind, item) => {
      it.discord.grantPermissions(defaultBotPermissions | bits("mentionEveryone"));
      const id = await it.chat.post(it.thread(), item, "n1");
      const text = it.discord.channel("#databases").messages()[0]?.text() ?? "";
      expect(text).not.toContain("\u202e");
      for (const name of ["alice", "bob", "gina"]) expect(it.discord.user(name).notifications).toEqual([]);
      expect(it.discord.user("sam").notifications).toHaveLength(kind === "failed" ? 1 : 0);
      await it.chat.update(it.thread(id), { id, nonce: "n2" }, item);
      expect(it.discord.callsTo("POST /channels/{channel}/messages")).toHaveLength(1);
    },
  );
});
