import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration } from "./ask-for-migration.ts";
import { expectNothingLost } from "./expect-nothing-lost.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";

/** So long that only a lease that was handed back explains a takeover. */
const LEASE_MS = 120_000;
const STOP_MS = 20_000;
/** A sweep comes every quarter of a second here; what remains is a busy machine. */
const TAKEOVER_MS = 10_000;

describe.each(PAIRS)(
  "a worker that is told to end in the middle of a copy in %s, queue on %s",
  (platform, backend) => {
    it("ends in time and hands its migration back, and the next one goes on at once", async () => {
      await withStage({ platform, backend, rows: 400_000 }, async (stage) => {
        const environment = { LEASE_MS: String(LEASE_MS) };
        await stage.startGodwit({ roles: "bot" });
        const first = await stage.startGodwit({ roles: "worker", environment });
        const thread = await startMigration(stage.chat);
        await untilCopying(stage, first.pid);
        await stage.startGodwit({ roles: "worker", environment });

        const asked = performance.now();
        await first.kill("SIGTERM");
        const endedMs = performance.now() - asked;
        await until(async () => (await leaseholder(stage))?.includes(`:${first.pid}:`) === false, {
          what: "another worker to take the migration",
          timeoutMs: 60_000,
        });
        const takenMs = performance.now() - asked - endedMs;
        console.info(`ended in ${Math.round(endedMs)} ms, followed ${Math.round(takenMs)} ms later`);

        await thread.waitFor(/orders is migrated/, { timeoutMs: 120_000 });
        await expectNothingLost(stage);
        expect(endedMs).toBeLessThan(STOP_MS);
        expect(takenMs).toBeLessThan(TAKEOVER_MS);
        expect(stage.chat.supportPages()).toEqual([]);
      });
    }, 300_000);
  },
);

/** The copy has moved something, and has more to move. */
async function untilCopying(stage: Stage, pid: number): Promise<void> {
  await until(
    async () => {
      const { id } = await stage.migration();
      const step = (await stage.store.steps(id)).find(({ name }) => name === "copy-data");
      return step?.status === "running" && (step.progress?.doneBytes ?? 0) > 0;
    },
    { what: "the copy to be under way", timeoutMs: 120_000, everyMs: 5 },
  );
  expect(await leaseholder(stage)).toContain(`:${pid}:`);
}

async function leaseholder({ pool }: Stage): Promise<string | null> {
  const { rows } = await pool.query<{ owner: string | null }>(
    "SELECT owner FROM godwit.leases WHERE until > clock_timestamp()",
  );
  return rows[0]?.owner ?? null;
}
