import { describe, expect, it } from "vitest";
import { until } from "../../support/until.ts";
import { startMigration, untilState } from "../ask-for-migration.ts";
import { PAIRS } from "../stage.ts";
import { type CleverStage, ordersSent, withCleverStage } from "./clever-stage.ts";

const LONG = { timeoutMs: 60_000 };

describe.each(PAIRS)("a cancel at Clever Cloud in %s, queue on %s", (platform, backend) => {
  it("is taken before writes are refused, refused while they are, and told where it comes too late", async () => {
    await withCleverStage({ platform, backend, refused: ["late-cancel"] }, async (stage) => {
      await stage.startGodwit();
      await isTaken(stage);
      await isRefused(stage);
      await comesTooLate(stage);
      expect(stage.chat.errors).toEqual([]);
    });
  }, 300_000);
});

async function isTaken(stage: CleverStage): Promise<void> {
  const { chat, clever, addon } = stage;
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const thread = await startMigration(chat, { version: "16" });
  const card = await thread.waitFor(/phase 2 of 6, new instance: DEPLOY_MIGRATION_INSTANCE/, LONG);
  await chat.person("bob").presses(card, "Cancel the migration");
  await thread.waitFor(
    (message) =>
      /The migration of orders is cancelled by @?.*bob/i.test(message.text()) &&
      message
        .text()
        .includes("What was done is taken back; the old database is in service and accepts writes."),
    LONG,
  );
  await untilState(stage, "cancelled");
  expect(addon).toMatchObject({ version: "15", isReadOnly: false });
  expect(clever.migrationsOf(addon)).toMatchObject([{ status: "ABORTED" }]);
  expect(clever.callsTo("abortMigration")).toHaveLength(1);
}

/** Refused before it reaches the platform: there is no way back once the copy runs. */
async function isRefused(stage: CleverStage): Promise<void> {
  const { chat, clever } = stage;
  clever.scenarios.holdAt("DUMP_AND_RESTORE");
  const thread = await startMigration(chat, { version: "16" });
  await thread.waitFor(/phase 4 of 6, copy: DUMP_AND_RESTORE/, LONG);
  expect(await chat.person("bob").asks("/db cancel orders", /already being switched over/)).toContain(
    "orders is already being switched over to its new database, which cannot be undone by a cancel. Follow it in its thread, which tells how it ends.",
  );
  clever.scenarios.release();
  await thread.waitFor(/orders is migrated: PostgreSQL 15 to 16/, LONG);
  await untilState(stage, "succeeded");
  expect(clever.callsTo("abortMigration")).toHaveLength(1);
}

/** Taken by Godwit and refused by the platform, which goes on: the thread says where the database is. */
async function comesTooLate(stage: CleverStage): Promise<void> {
  const { chat, clever, addon } = stage;
  clever.scenarios.next({ cancel: "too-late", holdAt: "DEPLOY_MIGRATION_INSTANCE" });
  const thread = await startMigration(chat, { version: "17" });
  const card = await thread.waitFor(/phase 2 of 6, new instance: DEPLOY_MIGRATION_INSTANCE/, LONG);
  await chat.person("bob").presses(card, "Cancel the migration");
  await until(() => clever.callsTo("abortMigration").length === 2, { what: "the cancel", ...LONG });
  clever.scenarios.release();
  const page = await thread.waitFor((message) => message.buttons().includes("Retry from this step"), LONG);
  expect(page.text()).toContain(
    "The cancel came too late: Clever Cloud had begun to move orders, which is on XS Small Space, PostgreSQL 17 in zone par now.",
  );
  expect(page.text()).toContain(
    "Press Retry from this step: Godwit then looks at the new database and the applications.",
  );
  await chat.person("alice").presses(page, "Retry from this step");
  await thread.waitFor(/orders is migrated: PostgreSQL 16 to 17/, LONG);
  await untilState(stage, "succeeded");
  expect(addon.version).toBe("17");
  expect(ordersSent(stage)).toBe(3);
}
