import { describe, expect, it } from "vitest";
import { gateOf } from "../../src/core/gate.ts";
import { until } from "../support/until.ts";
import { askForMigration, startMigration, untilState } from "./ask-for-migration.ts";
import { expectNothingLost, expectWindowAsTold } from "./expect-nothing-lost.ts";
import { countOf, expectWritesOn, replicationLeftovers, timesBegun } from "./live-migration.ts";
import type { ChatDriver, ChatMessage } from "./platform/chat-driver.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";
import type { GodwitProcess } from "./start-godwit.ts";

const LONG = { timeoutMs: 60_000 };
const SWITCH = "Switch now";
const HOLD = "Hold the switch";

describe.each(PAIRS)("a live migration asked for in %s, queue on %s", (platform, backend) => {
  it("copies under a writing shop, and goes through its gate when and only when people say so", async () => {
    await withStage({ platform, backend, dbaOnly: true }, async (stage) => {
      const godwit = await stage.startGodwit();
      await switchWhenTwoPress(stage);
      await holdWhatWouldSwitch(stage, godwit);
      expect(stage.chat.supportPages()).toEqual([]);
      expect(stage.chat.errors).toEqual([]);
      expect(Math.max(...stage.chat.ackLatencies())).toBeLessThan(1_000);
    });
  }, 240_000);
});

/** Held as the form says; a stranger is refused, and two people who press at once switch once. */
async function switchWhenTwoPress(stage: Stage): Promise<void> {
  const { chat, shop } = stage;
  const root = await askForMigration(chat, { strategy: "live-held" });
  expect(root.text()).toMatch(/Replicate first, wait for Switch now/);
  expect(root.text()).toMatch(/applications keep writing; nothing switches until someone presses Switch now/);
  await chat.person("alice").presses(root, "Migrate the database");
  const thread = root.thread();

  const card = await thread.waitFor((message) => message.buttons().includes(SWITCH), LONG);
  await card.waitFor(/Stopped: it waits until someone presses Switch now/);
  await card.waitFor(/The new database is \d.* behind/);
  await expectGateStays(stage, card);
  await expectWritesOn(stage, 15);
  expect((await shop.status()).refused).toBe(0);

  await Promise.all((["alice", "bob"] as const).map((name) => chat.person(name).presses(card, SWITCH)));
  await thread.waitFor(/orders is migrated/, LONG);
  await untilState(stage, "succeeded");
  for (const words of [/(alice|bob)\b.* lets orders switch as soon as/i, /is read-only since/])
    expect(countOf(thread, words), String(words)).toBe(1);
  expect(thread.text()).toMatch(/orders accepts writes again, on the new database\. It was read-only for/);
  expect(thread.text()).toMatch(/Verified: 4 tables/);
  await expectNothingLost(stage);
  await expectWindowAsTold(stage);
  expect(await replicationLeftovers(stage)).toEqual([]);
}

/** Neither who may not migrate nor who is not sure opens the gate. */
async function expectGateStays(stage: Stage, card: ChatMessage): Promise<void> {
  const { chat } = stage;
  const sam = chat.person("sam");
  await sam.presses(card, SWITCH);
  await sam.isTold(/You are not among the people who may migrate databases\./);
  await sam.asks("/db switch orders", /You are not among the people who may migrate databases\./);
  await chat.person("bob").presses(card, SWITCH, { isSure: false });
  expect(gateOf(await stage.migration())).toMatchObject({ mode: "held" });
}

/** It would switch by itself: a press at the last moment holds it, a time is set, and a command lets it go. */
async function holdWhatWouldSwitch(stage: Stage, godwit: GodwitProcess): Promise<void> {
  const { chat } = stage;
  godwit.order({ holdAt: "gate" });
  const thread = await startMigration(chat, { strategy: "live" });
  await godwit.holding("gate");
  const card = await thread.waitFor((message) => message.buttons().includes(HOLD));
  await chat.person("alice").presses(card, HOLD);
  await thread.waitFor(/alice\b.* holds the switch of orders until someone presses Switch now/i);
  godwit.order({ holdAt: null });
  await until(async () => (await timesBegun(stage, "gate")) > 1, { what: "the gate to wait anew" });
  await card.waitFor(/Stopped: it waits until someone presses Switch now/);
  expect(await timesBegun(stage, "fence")).toBe(0);

  await setTheTime(chat, card);
  await chat.person("bob").asks("/db switch orders", /switches when its gate lets it/);
  await thread.waitFor(/orders is migrated/, LONG);
  await untilState(stage, "succeeded");
  expect(countOf(thread, /is read-only since/)).toBe(1);
  await expectNothingLost(stage);
  expect(await replicationLeftovers(stage)).toEqual([]);
}

async function setTheTime(chat: ChatDriver, card: ChatMessage): Promise<void> {
  const bob = chat.person("bob");
  await bob.asks("/db switch orders yesterday", /“yesterday” is no time to come\./);
  await bob.asks("/db switch orders 2h", /switches when its gate lets it/);
  await card.waitFor(/Armed: it switches after/);
  expect(card.buttons()).toContain(HOLD);
}
