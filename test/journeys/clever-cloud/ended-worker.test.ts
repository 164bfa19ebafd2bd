import { describe, expect, it } from "vitest";
import { startMigration } from "../ask-for-migration.ts";
import { PAIRS } from "../stage.ts";
import { untilLeasedTo } from "../until-leased-to.ts";
import { expectMigrated, withCleverStage } from "./clever-stage.ts";

const LONG = { timeoutMs: 60_000 };
/** So long that only a lease that was handed back explains that another worker goes on. */
const LEASE = { LEASE_MS: "300000" };
/** What is promised for SIGTERM. */
const STOP_MS = 20_000;

describe.each(PAIRS)(
  "a worker that is told to end by SIGTERM while Clever Cloud migrates, told in %s, queue on %s",
  (platform, backend) => {
    it("ends in time and hands its migration back, and the next one goes on at once", async () => {
      await withCleverStage({ platform, backend }, async (stage) => {
        const { chat, clever } = stage;
        await stage.startGodwit({ roles: "bot" });
        clever.scenarios.holdAt("DUMP_AND_RESTORE");
        const thread = await startMigration(chat, { version: "17" });
        const worker = await stage.startGodwit({ roles: "worker", environment: LEASE });
        await thread.waitFor(/phase 4 of 6, copy: DUMP_AND_RESTORE/, LONG);
        const next = await stage.startGodwit({ roles: "worker", environment: LEASE });

        const asked = performance.now();
        await worker.kill("SIGTERM");
        expect(performance.now() - asked).toBeLessThan(STOP_MS);
        await untilLeasedTo(stage, next);
        clever.scenarios.release();

        await expectMigrated(stage, thread, { said: /orders is migrated: PostgreSQL 15 to 17/, orders: 1 });
        expect(clever.callsTo("abortMigration")).toEqual([]);
        expect(chat.supportPages()).toEqual([]);
      });
    }, 240_000);
  },
);
