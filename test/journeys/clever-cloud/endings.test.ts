import { describe, expect, it } from "vitest";
import { startMigration, untilState } from "../ask-for-migration.ts";
import type { ChatMessage, ChatThread } from "../platform/chat-driver.ts";
import { PAIRS } from "../stage.ts";
import { type CleverStage, ordersSent, withCleverStage } from "./clever-stage.ts";

const LONG = { timeoutMs: 60_000 };
const TICKETS = "https://console.clever-cloud.com/ticket-center-choice";

describe.each(PAIRS)(
  "a migration that Clever Cloud does not finish, in %s, queue on %s",
  (platform, backend) => {
    it("is back on the old database after RECOVERED and can be tried again, and calls support after FAILED", async () => {
      await withCleverStage({ platform, backend }, async (stage) => {
        await stage.startGodwit();
        await recovers(stage);
        await failsForGood(stage);
        expect(stage.chat.errors).toEqual([]);
      });
    }, 240_000);
  },
);

async function recovers(stage: CleverStage): Promise<void> {
  const { chat, clever, addon } = stage;
  clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE", message: "disk full" });
  const thread = await startMigration(chat, { version: "16" });
  const page = await untilPage(thread, "Try again");
  expectSaid(page, [
    "The migration of orders failed at step 4 of 6, Copy and switch",
    "Clever Cloud could not migrate orders: it failed at DUMP_AND_RESTORE (copy), which says “disk full”. It has returned to the old database by itself.",
    "The old database is back in service and accepts writes. No data was lost.",
    "Try again. If it fails at the same step, open a ticket:",
  ]);
  await untilState(stage, "rolled_back");
  expect(addon).toMatchObject({ version: "15", isReadOnly: false });
  expect(chat.supportPages()).toHaveLength(1);

  await chat.person("alice").presses(page, "Try again");
  await thread.waitFor((message) => message.text().includes("orders is migrated: PostgreSQL 15 to 16"), LONG);
  await untilState(stage, "succeeded");
  expect(ordersSent(stage)).toBe(2);
}

/** Two things that people must not mistake for each other: this one says that nothing has returned. */
async function failsForGood(stage: CleverStage): Promise<void> {
  const { chat, clever, addon } = stage;
  clever.scenarios.failForGood({ at: "DUMP_AND_RESTORE", message: "out of disk" });
  const { realId } = addon.access;
  const thread = await startMigration(chat, { version: "17" });
  const page = await untilPage(thread, "Mark as solved");
  const run = clever.migrationsOf(addon).at(-1);
  expectSaid(page, [
    "Clever Cloud stopped migrating orders: it failed at DUMP_AND_RESTORE (copy), which says “out of disk”. It has not returned to the old database.",
    "Godwit cannot tell which database is in service, so it has stopped. Change nothing until support has looked.",
    `Open a ticket now with the add-on ID and ${run?.id}:`,
    TICKETS,
    `add-on ${addon.id}, real ID ${realId}, owner ${clever.owner}`,
    "status FAILED, step DUMP_AND_RESTORE FAILED: out of disk",
  ]);
  expect(chat.supportPages()).toHaveLength(2);
  expect(chat.supportPages().at(-1)).toContain(addon.id);
  await untilState(stage, "needs_support");
  await chat.person("sam").givesReason(page, "Mark as solved", "Clever Cloud has put it right.");
  await thread.waitFor(/as solved: .*orders is unlocked/, LONG);
  expect(ordersSent(stage)).toBe(3);
}

function untilPage(thread: ChatThread, button: string): Promise<ChatMessage> {
  return thread.waitFor((message) => message.buttons().includes(button), LONG);
}

function expectSaid(message: ChatMessage, sentences: readonly string[]): void {
  const text = message.text();
  for (const sentence of sentences) expect(text).toContain(sentence);
}
