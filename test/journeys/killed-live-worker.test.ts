import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { startMigration, untilState } from "./ask-for-migration.ts";
import { expectNothingLost } from "./expect-nothing-lost.ts";
import { countOf, expectWritesOn, replicationLeftovers, timesBegun } from "./live-migration.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";
import type { GodwitProcess } from "./start-godwit.ts";

const LONG = { timeoutMs: 60_000 };

describe.each(PAIRS)(
  "a live migration whose worker is killed by SIGKILL, told in %s, queue on %s",
  (platform, backend) => {
    it("is gone on with from the copy, the gate and the fence, and ends verified with nothing left", async () => {
      await withStage({ platform, backend }, async (stage) => {
        await stage.startGodwit({ roles: "bot" });
        const first = await startWorker(stage, "copy-schema");
        const thread = await startMigration(stage.chat, { strategy: "live-held" });

        const atGate = await killInMidCopy(stage, first);
        const card = await thread.waitFor((message) => message.buttons().includes("Switch now"), LONG);
        expect(await timesBegun(stage, "replicate")).toBe(2);
        await expectWritesOn(stage, 15);

        const underFence = await startWorker(stage, "drain");
        await atGate.kill("SIGKILL");
        await stage.chat.person("alice").presses(card, "Switch now");
        await underFence.holding("drain");
        expect(await timesBegun(stage, "gate")).toBe(2);

        await startWorker(stage);
        await underFence.kill("SIGKILL");
        await thread.waitFor(/orders is migrated/, LONG);
        await untilState(stage, "succeeded");

        expect((await stage.migration()).proof?.notVerified).toEqual([]);
        for (const words of [/orders is migrated/, /is read-only since/, /accepts writes again/])
          expect(countOf(thread, words), String(words)).toBe(1);
        await expectNothingLost(stage);
        expect(await replicationLeftovers(stage)).toEqual([]);
        expect(stage.chat.supportPages()).toEqual([]);
      });
    }, 240_000);
  },
);

/** Waits beside the one that is killed: the lease keeps it from the migration until then. */
function startWorker(stage: Stage, step = ""): Promise<GodwitProcess> {
  return stage.startGodwit({ roles: "worker", environment: { HOLD_AT: step } });
}

/** A lock keeps one table from being filled while the worker is killed; resolves with the worker that follows. */
async function killInMidCopy(stage: Stage, worker: GodwitProcess): Promise<GodwitProcess> {
  await worker.holding("copy-schema");
  const target = await targetUrl(stage);
  const locker = new Client({ connectionString: target });
  await locker.connect();
  try {
    await locker.query("BEGIN; LOCK TABLE order_lines IN SHARE MODE");
    worker.order({ holdAt: null });
    const next = await startWorker(stage);
    await until(() => isCopying(target), { what: "the copy of order_lines to wait", ...LONG });
    expect(await replicationLeftovers(stage)).toContainEqual(expect.stringMatching(/^slot /));
    await worker.kill("SIGKILL");
    return next;
  } finally {
    await locker.end();
  }
}

async function targetUrl({ fleet }: Stage): Promise<string> {
  const { url } = fleet.server(18);
  const [found] = await querySql<{ name: string }>(
    url,
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 'orders%'",
  );
  return url.replace(/postgres$/, found?.name ?? "");
}

/** The other tables are copied, and this one is not. */
async function isCopying(target: string): Promise<boolean> {
  const rows = await querySql(
    target,
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
     AND query LIKE 'COPY %order_lines%'`,
  );
  return rows.length > 0;
}
