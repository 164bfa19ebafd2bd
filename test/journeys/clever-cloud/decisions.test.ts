import { describe, expect, it } from "vitest";
import { until } from "../../support/until.ts";
import { untilState } from "../ask-for-migration.ts";
import type { ChatThread } from "../platform/chat-driver.ts";
import { PAIRS } from "../stage.ts";
import { type CleverStage, countOf, withCleverStage } from "./clever-stage.ts";

const LONG = { timeoutMs: 60_000 };
const ASKED =
  "The database, which may hold health data, is copied to another instance in zone parhds, which is certified for it (HDS).";

describe.each(PAIRS)("a database for health data, in %s, queue on %s", (platform, backend) => {
  it("is migrated after a consent and a confirmation, and is shown to support when it takes too long", async () => {
    await withCleverStage({ platform, backend, zone: "parhds", deadline: "2s" }, async (stage) => {
      await stage.startGodwit();
      const thread = await consentAndConfirm(stage);
      await takesTooLong(stage, thread);
      expect(stage.chat.errors).toEqual([]);
    });
  }, 240_000);
});

/** Two presses, which two people may make; the first starts nothing. */
async function consentAndConfirm(stage: CleverStage): Promise<ChatThread> {
  const { chat, clever } = stage;
  clever.scenarios.holdAt("DUMP_AND_RESTORE");
  await chat.person("alice").fillsForm({ version: "17" });
  const root = await chat.waitFor((message) => message.buttons().includes("Give consent"), LONG);
  expect(root.text()).toContain(ASKED);
  expect(root.buttons()).toEqual(["Give consent", "Cancel"]);

  await chat.person("sam").presses(root, "Give consent", { isSure: false });
  expect((await stage.migration()).consent).toBeNull();
  await chat.person("sam").presses(root, "Give consent");
  await root.waitFor((message) => message.buttons().includes("Migrate the database"), LONG);
  expect(root.text()).toMatch(/sam\b.* consented to what is marked with Consent above/i);
  expect((await stage.migration()).state).toBe("awaiting_confirmation");
  await chat.person("alice").presses(root, "Migrate the database");
  return root.thread();
}

async function takesTooLong(stage: CleverStage, thread: ChatThread): Promise<void> {
  const { chat, clever, addon } = stage;
  const page = await thread.waitFor(/takes longer than it should/, LONG);
  expect(page.text()).toContain(
    "It is at DUMP_AND_RESTORE (copy). Clever Cloud has not migrated this database before, so nobody knows how long it takes.",
  );
  expect(page.text()).toContain("Nothing has failed and nothing was stopped: the migration goes on.");
  expect(page.text()).toContain(
    `Open a ticket with the add-on ID and ${clever.migrationsOf(addon).at(-1)?.id}`,
  );
  await until(() => chat.supportPages().length > 0, { what: "support to be called" });
  expect((await stage.migration()).state).toBe("running");
  await chat.person("sam").presses(page, "Acknowledge");
  await thread.waitFor(/sam\b.*looks at/i, LONG);
  clever.scenarios.release();
  await thread.waitFor(/orders is migrated: PostgreSQL 15 to 17/, LONG);
  await untilState(stage, "succeeded");
  expect(countOf(thread, "takes longer than it should")).toBe(1);
  expect(chat.supportPages()).toHaveLength(1);
}
