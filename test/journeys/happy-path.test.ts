import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration } from "./ask-for-migration.ts";
import { expectNothingLost, expectWindowAsTold } from "./expect-nothing-lost.ts";
import { PAIRS, withStage } from "./stage.ts";

describe.each(PAIRS)(
  "a migration from PostgreSQL 15 to 18 asked for in %s, queue on %s",
  (platform, backend) => {
    it("moves the database and its application without losing a write, and proves it in the thread", async () => {
      await withStage({ platform, backend }, async (stage) => {
        const { chat } = stage;
        await stage.startGodwit();

        const thread = await startMigration(chat);
        await thread.waitFor(/orders is migrated/, { timeoutMs: 90_000 });

        await expectNothingLost(stage);
        await expectWindowAsTold(stage);
        expect(thread.text()).toMatch(/Verified: 4 tables/);
        expect(thread.text()).toMatch(/Shop restarted and connected to the new database/);
        expect(chat.supportPages()).toEqual([]);
        expect(Math.max(...chat.ackLatencies())).toBeLessThan(1_000);
        await until(() => thread.isArchived() === chat.archivesThreads, { what: "the thread to be closed" });
      });
    }, 240_000);
  },
);
