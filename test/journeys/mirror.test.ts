import { describe, expect, it } from "vitest";
import { askForMigration, untilState } from "./ask-for-migration.ts";
import type { ChatDriver, ChatMessage } from "./platform/chat-driver.ts";
import { type Stage, withStage } from "./stage.ts";

const CONFIRM = "Migrate the database";
const MILESTONES = [/is read-only since/, /accepts writes again/, /orders is migrated/];

describe("a migration that is followed on both platforms", () => {
  it("is told on both by the same outbox, and is decided on either, wherever it began", async () => {
    await withStage({ platform: "Slack", mirroredIn: "Discord" }, async (stage) => {
      const [slack, discord] = stage.chats as [ChatDriver, ChatDriver];
      await stage.startGodwit();
      await confirmElsewhere(stage, slack, discord);
      await confirmOnBoth(stage, discord, slack);
      await cancelElsewhere(stage, slack, discord);
      await cancelElsewhere(stage, discord, slack);
      expect(await mirrorsInOutbox(stage)).toEqual([]);
      for (const { errors } of stage.chats) expect(errors).toEqual([]);
    });
  }, 300_000);
});

/** Asked for on one platform, confirmed on the other, told on both. */
async function confirmElsewhere(stage: Stage, here: ChatDriver, there: ChatDriver): Promise<void> {
  const { root, copy } = await askOnBoth(stage, here, there);
  await there.person("bob").presses(copy, CONFIRM);
  await Promise.all([root, copy].map((message) => message.waitFor(/Confirmed by @?bob/i)));
  await expectSameStory(stage, root, copy);
}

/** People of both platforms confirm at once: one is first, and the other is told who. */
async function confirmOnBoth(stage: Stage, here: ChatDriver, there: ChatDriver): Promise<void> {
  const { root, copy } = await askOnBoth(stage, here, there);
  const [alice, bob] = [here.person("alice"), there.person("bob")];
  await Promise.all([alice.presses(root, CONFIRM), bob.presses(copy, CONFIRM)]);
  await Promise.all([root, copy].map((message) => message.waitFor(/Confirmed by/)));
  const { confirmedBy } = await stage.migration();
  const late = confirmedBy?.id === alice.id ? bob : alice;
  await late.isTold(/has confirmed this migration of orders already\.|so it cannot be confirmed\./);
  await expectSameStory(stage, root, copy);
}

async function askOnBoth(stage: Stage, here: ChatDriver, there: ChatDriver) {
  const root = await askForMigration(here);
  const { id } = await stage.migration();
  const copy = await there.waitFor((message) => message.text().includes(id));
  expect(copy.buttons()).toEqual(root.buttons());
  expect(copy.text()).toMatch(/Asked for by: @?alice/i);
  return { root, copy };
}

async function expectSameStory(stage: Stage, ...roots: [ChatMessage, ChatMessage]): Promise<void> {
  await untilState(stage, "succeeded");
  for (const { thread } of roots.map((root) => ({ thread: root.thread() }))) {
    await thread.waitFor(/orders is migrated/);
    for (const words of MILESTONES) expect(thread.text()).toMatch(words);
  }
  const [here, there] = roots.map((root) => root.thread().messages().length);
  expect(here).toBe(there);
}

/** A button pressed on the other platform after the decision says what was decided. */
async function cancelElsewhere(stage: Stage, here: ChatDriver, there: ChatDriver): Promise<void> {
  const { root, copy } = await askOnBoth(stage, here, there);
  const asItWas = here.keepsShowing(root);
  await there.person("bob").presses(copy, "Cancel");
  await Promise.all([root, copy].map((message) => message.waitFor(/Cancelled by @?bob/i)));
  await here.person("alice").presses(asItWas, CONFIRM);
  await here.person("alice").isTold(/The migration of orders was cancelled, so it cannot be confirmed\./);
}

/** Messages that one platform was told and the other was not. */
async function mirrorsInOutbox({ pool }: Stage): Promise<unknown[]> {
  const { rows } = await pool.query(
    `SELECT o.id, o.thread_key, o.message_key FROM godwit.chat_outbox o
     JOIN godwit.threads t ON t.key = o.thread_key
     WHERE NOT EXISTS (
       SELECT FROM godwit.chat_outbox c JOIN godwit.threads m ON m.key = c.thread_key
       WHERE coalesce(m.mirror_of, m.key) = coalesce(t.mirror_of, t.key) AND m.platform <> t.platform
         AND c.kind = o.kind AND c.message_key = o.message_key AND c.notification = o.notification)`,
  );
  return rows;
}
