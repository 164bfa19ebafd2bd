import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { askForMigration, untilState } from "./ask-for-migration.ts";
import type { ChatMessage, PersonName } from "./platform/chat-driver.ts";
import { PLATFORMS, type Stage, withStage } from "./stage.ts";

const CONFIRM = "Migrate the database";

describe.each(PLATFORMS)("a decision in %s", (platform) => {
  it("counts once, whoever presses how often, and a button that comes too late says why", async () => {
    await withStage({ platform }, async (stage) => {
      const bot = await stage.startGodwit({ roles: "bot" });
      await hesitate(stage);
      await confirmByTwo(stage);
      await confirmTwiceByOne(stage);
      await confirmInTwoDeliveries(stage);
      await pressAfterConfirm(stage);
      await pressAfterCancel(stage);
      const stale = await pressAfterCancelElsewhere(stage);

      await bot.kill("SIGTERM");
      await stage.startGodwit({ roles: "bot" });
      await pressAfterRestart(stage, stale);

      expect(stage.chat.supportPages()).toEqual([]);
      expect(stage.chat.errors).toEqual([]);
    });
  }, 300_000);
});

/** Who is not sure confirms nothing. */
async function hesitate(stage: Stage): Promise<void> {
  const root = await askForMigration(stage.chat);
  await stage.chat.person("alice").presses(root, CONFIRM, { isSure: false });
  await stage.chat.person("bob").presses(root, "Cancel");
  await root.waitFor(/Cancelled by/);
  expect(await confirmations(stage)).toBe(0);
}

/** Both press at once: one migration starts, and the other person is told who was first. */
async function confirmByTwo(stage: Stage): Promise<void> {
  const { chat, store } = stage;
  const root = await askForMigration(chat);
  const people = (["alice", "bob"] as const).map((name) => chat.person(name));
  await Promise.all(people.map((person) => person.presses(root, CONFIRM)));
  const live = await until(() => store.liveMigration("addon_orders"), { what: "a confirmation" });
  const late = people.find(({ id }) => id !== live.confirmedBy?.id);
  expect(await late?.isTold(/already/)).toMatch(/has confirmed this migration of orders already\./);
  await expectOneStart(stage, root);
}

/** The same person presses twice without waiting. */
async function confirmTwiceByOne(stage: Stage): Promise<void> {
  const alice = stage.chat.person("alice");
  const root = await askForMigration(stage.chat);
  await Promise.all([alice.presses(root, CONFIRM), alice.presses(root, CONFIRM)]);
  expect(await alice.isTold(/already/)).toMatch(
    /alice\b.* has confirmed this migration of orders already\./i,
  );
  await expectOneStart(stage, root);
}

/** The platform delivers the same press twice. */
async function confirmInTwoDeliveries(stage: Stage): Promise<void> {
  const { chat } = stage;
  const root = await askForMigration(chat);
  await chat.person("alice").presses(root, CONFIRM);
  await root.waitFor(/Confirmed by/);
  await chat.trouble.repeatsLastPress();
  await expectOneStart(stage, root);
}

/** Bob's screen still shows the button that alice has pressed. */
async function pressAfterConfirm(stage: Stage): Promise<void> {
  const { chat } = stage;
  const root = await askForMigration(chat);
  const asBobSeesIt = chat.keepsShowing(root);
  await chat.person("alice").presses(root, CONFIRM);
  await root.waitFor(/Confirmed by/);
  for (const button of root.buttons()) expect(button).not.toBe(CONFIRM);
  await chat.person("bob").presses(asBobSeesIt, CONFIRM);
  await chat
    .person("bob")
    .isTold(/has confirmed this migration of orders already\.|so it cannot be confirmed\./);
  await expectOneStart(stage, root);
}

/** Bob has the message open from before, and somebody has cancelled it. */
async function pressAfterCancel(stage: Stage): Promise<void> {
  const { chat } = stage;
  const root = await askForMigration(chat);
  const asBobSeesIt = chat.keepsShowing(root);
  await chat.person("alice").presses(root, "Cancel");
  await root.waitFor(/Cancelled by/);
  await expectStale(stage, "bob", asBobSeesIt);
}

/** As above, and the cancel came by a command. */
async function pressAfterCancelElsewhere(stage: Stage): Promise<ChatMessage> {
  const { chat } = stage;
  const root = await askForMigration(chat);
  const asItWas = chat.keepsShowing(root);
  await chat.person("alice").runs("/db cancel orders");
  await root.waitFor(/Cancelled by/);
  await expectStale(stage, "bob", asItWas);
  return asItWas;
}

async function pressAfterRestart(stage: Stage, stale: ChatMessage): Promise<void> {
  const { chat } = stage;
  const root = await askForMigration(chat);
  await expectStale(stage, "bob", stale);
  await chat.person("bob").presses(root, CONFIRM);
  await root.waitFor(/Confirmed by/);
  await expectOneStart(stage, root);
}

async function expectStale({ chat }: Stage, who: PersonName, message: ChatMessage): Promise<void> {
  await chat.person(who).presses(message, CONFIRM);
  expect(await chat.person(who).isTold(/cannot be confirmed/)).toMatch(
    /The migration of orders was cancelled, so it cannot be confirmed\./,
  );
}

/** One event, one card, one live migration; takes it back for the next story. */
async function expectOneStart(stage: Stage, root: ChatMessage): Promise<void> {
  const { chat } = stage;
  const { id } = await stage.migration();
  expect(await confirmations(stage)).toBe(1);
  expect(await stage.store.migrations({ states: ["queued"] })).toHaveLength(1);
  await root.thread().waitFor(/pending/i);
  expect(root.thread().messages()).toHaveLength(1);
  await chat.person("bob").runs(`/db cancel ${id}`);
  await untilState(stage, "cancelled");
}

async function confirmations({ pool, ...stage }: Stage): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM godwit.events WHERE type = 'confirmed' AND migration_id = $1",
    [(await stage.migration()).id],
  );
  return rows[0]?.count ?? 0;
}
