import { describe, expect, it } from "vitest";
import { until } from "../../support/until.ts";
import { startMigration } from "../ask-for-migration.ts";
import { PAIRS } from "../stage.ts";
import { untilLeasedTo } from "../until-leased-to.ts";
import { type CleverStage, countOf, expectMigrated, withCleverStage } from "./clever-stage.ts";

const LONG = { timeoutMs: 60_000 };

describe.each(PAIRS)(
  "a worker killed by SIGKILL while Clever Cloud migrates, told in %s, queue on %s",
  (platform, backend) => {
    it("is followed by the next one, which orders nothing again and tells nothing twice", async () => {
      await withCleverStage({ platform, backend }, async (stage) => {
        await stage.startGodwit({ roles: "bot" });
        await killedWhileItOrders(stage);
        await killedWhileItFollows(stage);
        expect(stage.chat.supportPages()).toEqual([]);
      });
    }, 300_000);
  },
);

/** The platform has taken the order, and its answer never comes. */
async function killedWhileItOrders(stage: CleverStage): Promise<void> {
  const { chat, clever, addon } = stage;
  clever.scenarios.loseStartAnswer("silent");
  const thread = await startMigration(chat, { version: "16" });
  const worker = await stage.startGodwit({ roles: "worker" });
  await until(() => clever.migrationsOf(addon).length === 1, { what: "the order to arrive", ...LONG });
  await untilLeasedTo(stage, worker);
  await worker.kill("SIGKILL");
  const next = await stage.startGodwit({ roles: "worker" });

  await expectMigrated(stage, thread, { said: /orders is migrated: PostgreSQL 15 to 16/, orders: 1 });
  expect(clever.migrationsOf(addon)).toMatchObject([{ status: "OK" }]);
  await next.kill("SIGTERM");
}

async function killedWhileItFollows(stage: CleverStage): Promise<void> {
  const { chat, clever, addon } = stage;
  clever.scenarios.holdAt("DUMP_AND_RESTORE");
  const thread = await startMigration(chat, { version: "17" });
  const worker = await stage.startGodwit({ roles: "worker" });
  await thread.waitFor(/phase 4 of 6, copy: DUMP_AND_RESTORE/, LONG);
  await worker.kill("SIGKILL");
  const next = await stage.startGodwit({ roles: "worker" });
  await untilLeasedTo(stage, next);
  clever.scenarios.release();

  await expectMigrated(stage, thread, { said: /orders is migrated: PostgreSQL 16 to 17/, orders: 2 });
  expect(clever.callsTo("abortMigration")).toEqual([]);
  expect(clever.migrationsOf(addon).at(-1)?.status).toBe("OK");
  expect(countOf(thread, "is read-only")).toBeLessThanOrEqual(2);
}
