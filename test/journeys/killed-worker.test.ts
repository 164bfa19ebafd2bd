import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { startMigration } from "./ask-for-migration.ts";
import { PAIRS, withStage } from "./stage.ts";
import { STEPS } from "./steps.ts";
import { untilLeasedTo } from "./until-leased-to.ts";

describe.each(PAIRS)(
  "a worker killed by SIGKILL in every step, told in %s, queue on %s",
  (platform, backend) => {
    it("is followed by the next one, and the migration ends verified with nothing lost", async () => {
      await withStage({ platform, backend }, async (stage) => {
        await stage.startGodwit({ roles: "bot" });
        const thread = await startMigration(stage.chat);

        // The next worker is started while this one works; the lease keeps it from the migration until the kill.
        const startWorker = (step = "") =>
          stage.startGodwit({ roles: "worker", environment: { HOLD_AT: step } });
        let worker = await startWorker(STEPS[0]);
        for (const [index, step] of STEPS.entries()) {
          await untilLeasedTo(stage, worker);
          const [next] = await Promise.all([startWorker(STEPS[index + 1]), worker.holding(step)]);
          await worker.kill("SIGKILL");
          worker = next;
        }
        await thread.waitFor(/orders is migrated/, { timeoutMs: 60_000 });

        const { proof, state } = await stage.migration();
        const environment = parseEnv(await readFile(join(stage.shop.folder, "shop.env"), "utf8"));
        const journal = await stage.shop.checkJournal(environment["POSTGRESQL_ADDON_URI"] ?? "");
        expect({ state, notVerified: proof?.notVerified, missing: journal.missing }).toEqual({
          state: "succeeded",
          notVerified: [],
          missing: [],
        });
        const results = thread.messages().filter((message) => /orders is migrated/.test(message.text()));
        expect(results).toHaveLength(1);
        expect(stage.chat.supportPages()).toEqual([]);
      });
    }, 240_000);
  },
);
