import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration } from "./ask-for-migration.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";

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

/** Every write that the shop was told is saved is in the new database; every other was refused cleanly. */
async function expectNothingLost({ shop }: Stage): Promise<void> {
  const environment = parseEnv(await readFile(join(shop.folder, "shop.env"), "utf8"));
  const status = await shop.status();
  const journal = await shop.checkJournal(environment["POSTGRESQL_ADDON_URI"] ?? "");

  expect(status.connectedTo?.version).toMatch(/^18/);
  expect(journal).toMatchObject({ missing: [], present: journal.accepted });
  expect(journal.refused).toBeGreaterThan(0);
  expect(environment["SHOP_NAME"]).toBe("Godwit & Sons");
}

async function expectWindowAsTold(stage: Stage): Promise<void> {
  const { readOnlyFrom, readOnlyUntil, proof } = await stage.migration();
  const toldMs = (readOnlyUntil?.getTime() ?? 0) - (readOnlyFrom?.getTime() ?? 0);

  expect(Math.abs((stage.shop.refusedWindow()?.gapMs ?? 0) - toldMs)).toBeLessThan(1_000);
  expect(proof?.notVerified).toEqual([]);
}
