import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Migration } from "../../src/core/migration.ts";
import { momentOf } from "../../src/core/time-zone.ts";
import { cancelMigration } from "../../src/migrations/cancel-migration.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { freeze } from "../../src/migrations/freeze.ts";
import { pauseMigration } from "../../src/migrations/pause-migration.ts";
import { recheckMigration } from "../../src/migrations/recheck-migration.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { sweepSchedules } from "../../src/migrations/runner/sweep-schedules.ts";
import { startScheduled } from "../../src/migrations/schedule/start-scheduled.ts";
import { submitRequest } from "../../src/migrations/submit-request.ts";
import { aPlan } from "./scripted-provider.ts";
import { ALICE, CHANNEL, openWorkbench, type Workbench } from "./workbench.ts";

const HOUR_MS = 3_600_000;

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(() => bench.close());

const signal = () => AbortSignal.timeout(9_000);
const sweep = () => sweepSchedules(bench.driver("sweeper"));
const migration = async (id: string) => await bench.store.migration(id);
const stateOf = async (id: string) => (await migration(id))?.state;
const posts = async (kind: string) => (await bench.outbox()).filter((line) => line === `post note ${kind}`);

function ask(start: string, timeZone = "Europe/Paris") {
  const selection = { addonId: "addon_orders", planId: "pg-m", version: "18", strategy: "dump", start };
  return submitRequest(bench.deps, { selection, by: ALICE, place: CHANNEL, timeZone }, signal());
}

async function planned(start = "2h"): Promise<Migration> {
  const asked = await ask(start);
  if (asked.kind !== "posted") throw new Error(JSON.stringify(asked));
  const { id, planHash } = asked.migration;
  const answer = await confirmMigration(bench.deps, { migrationId: id, planHash, by: ALICE }, signal());
  if (answer.kind !== "confirmed") throw new Error(JSON.stringify(answer));
  return answer.migration;
}

/** As if the start were so many milliseconds away. */
async function comesIn(id: string, ms: number): Promise<void> {
  await bench.pool.query(
    `UPDATE godwit.schedules SET not_before = clock_timestamp() + $2 * interval '1 ms',
       start_by = clock_timestamp() + ($2 + 1800000) * interval '1 ms' WHERE migration_id = $1`,
    [id, ms],
  );
}

const blocked = () => {
  const { report } = bench.provider;
  const blocker = {
    check: "disk",
    level: "blocker",
    summary: "The disk is full.",
    remedy: "Free some.",
  } as const;
  bench.provider.report = { ...report, findings: [blocker] };
};

describe("a start that is planned", () => {
  it("in the person's own zone is shown before they confirm, and holds the add-on from then on", async () => {
    const day = new Date(Date.now() + 30 * 24 * HOUR_MS).toISOString().slice(0, 10);
    const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
    const asked = await ask(`${day} 04:00`);
    const notBefore = momentOf({ year, month, day: date, hour: 4, minute: 0 }, "Europe/Paris");
    expect(asked).toMatchObject({ migration: { schedule: { kind: "at", notBefore, heldFor: null } } });
    const other = await ask(`${day} 05:00`);
    if (asked.kind !== "posted" || other.kind !== "posted") throw new Error("not posted");
    expect(asked.migration.planHash).not.toBe(other.migration.planHash);
    const { id: migrationId, planHash } = asked.migration;
    await confirmMigration(bench.deps, { migrationId, planHash, by: ALICE }, signal());

    expect(await stateOf(migrationId)).toBe("scheduled");
    expect(bench.rings).toEqual([]);
    expect((await bench.store.liveMigration("addon_orders"))?.id).toBe(migrationId);
    await sweep();
    expect(await stateOf(migrationId)).toBe("scheduled");
  });

  it("is refused in the past, too far away, or where there is no window", async () => {
    for (const [start, code] of [
      ["2020-01-31 02:00", "start-not-to-come"],
      ["90d", "start-not-to-come"],
      ["window", "no-maintenance-window"],
      ["at", "no-start-chosen"],
      ["soon", "start-not-understood"],
    ] as const)
      expect(await ask(start), start).toMatchObject({ kind: "refused", refusal: { code, field: "start" } });
  });

  it("comes by the database's clock, after a look and a reminder, once", async () => {
    const { id } = await planned();
    await comesIn(id, 9 * 60_000);
    await sweep();
    await sweep();
    expect(await posts("start-reminder")).toHaveLength(1);
    expect(await stateOf(id)).toBe("scheduled");

    await comesIn(id, -1);
    await Promise.all([sweep(), sweep()]);
    expect(await stateOf(id)).toBe("queued");
    expect(bench.rings).toEqual([id]);
    await drive(bench.driver("one"), id);
    expect(await stateOf(id)).toBe("succeeded");
  });

  it("is reminded of a day ahead when it was planned earlier, and not when it was not", async () => {
    const { id } = await planned("3d");
    await comesIn(id, 23 * HOUR_MS);
    await sweep();
    expect(await posts("start-reminder")).toEqual([]);

    await bench.pool.query("UPDATE godwit.schedules SET planned_at = clock_timestamp() - interval '2 days'");
    await sweep();
    await sweep();
    expect(await posts("start-reminder")).toHaveLength(1);
  });

  it("is cancelled at once, and is no pause's business", async () => {
    const { id } = await planned();
    expect(await pauseMigration(bench.deps, id, ALICE)).toMatchObject({ refusal: { code: "not-begun" } });
    expect((await cancelMigration(bench.deps, id, ALICE)).kind).toBe("cancelled");
    await comesIn(id, -1);
    await sweep();

    expect(await stateOf(id)).toBe("cancelled");
    expect(bench.provider.history).toEqual([]);
  });

  it("can be brought forward, once", async () => {
    const { id } = await planned();
    const order = { migrationId: id, by: ALICE };
    expect((await startScheduled(bench.deps, order, signal())).kind).toBe("confirmed");
    expect(await startScheduled(bench.deps, order, signal())).toMatchObject({ kind: "refused" });
    expect(await stateOf(id)).toBe("queued");
    expect(bench.rings).toEqual([id]);
  });

  it("cannot be confirmed when its time is over", async () => {
    const asked = await ask("2h");
    if (asked.kind !== "posted") throw new Error("not posted");
    const { id, planHash } = asked.migration;
    await bench.pool.query(
      "UPDATE godwit.schedules SET not_before = now() - interval '2 h', start_by = now() - interval '1 h'",
    );
    const late = await confirmMigration(bench.deps, { migrationId: id, planHash, by: ALICE }, signal());
    expect(late).toMatchObject({ kind: "refused" });
    expect(await stateOf(id)).toBe("awaiting_confirmation");
  });
});

describe("a start is held for a person", () => {
  it("when a blocker has appeared, with what it is, until a look finds it gone", async () => {
    const { id } = await planned();
    const before = bench.provider.report;
    blocked();
    await comesIn(id, 9 * 60_000);
    await sweep();
    expect((await migration(id))?.schedule?.heldFor).toBe("The disk is full.");
    expect(await posts("start-held")).toHaveLength(1);

    await comesIn(id, -1);
    await sweep();
    expect(await stateOf(id)).toBe("scheduled");
    expect(await startScheduled(bench.deps, { migrationId: id, by: ALICE }, signal())).toMatchObject({
      kind: "refused",
    });
    bench.provider.report = before;
    expect((await recheckMigration(bench.deps, id, ALICE, signal())).kind).toBe("rechecked");
    await sweep();
    expect(await stateOf(id)).toBe("queued");
  });

  it("when the price has changed, and starts at the new one when somebody says so under it", async () => {
    const { id, planHash } = await planned();
    const [, plan] = bench.provider.plans;
    bench.provider.plans[1] = { ...(plan ?? aPlan()), monthlyPrice: { minorUnits: 12_000, currency: "EUR" } };
    await comesIn(id, 9 * 60_000);
    await sweep();
    expect((await migration(id))?.schedule?.heldFor).toBe("The price has changed.");

    const old = await startScheduled(bench.deps, { migrationId: id, planHash, by: ALICE }, signal());
    expect(old).toMatchObject({ refusal: { code: "terms-changed" } });
    const shown = (await migration(id))?.planHash ?? null;
    const fresh = await startScheduled(bench.deps, { migrationId: id, planHash: shown, by: ALICE }, signal());
    expect(fresh.kind).toBe("confirmed");
  });

  it("when Godwit is frozen at its time", async () => {
    const { id } = await planned();
    await comesIn(id, 1_000);
    await sweep();
    await freeze(bench.deps, { reason: "an incident", by: ALICE });
    await comesIn(id, -1);
    await sweep();

    expect((await migration(id))?.schedule?.heldFor).toMatch(/alice has frozen Godwit\. .*an incident/);
    expect(await startScheduled(bench.deps, { migrationId: id, by: ALICE }, signal())).toMatchObject({
      refusal: { code: "frozen" },
    });
  });

  it("when nobody ran at its time, and expires when nobody decides", async () => {
    const { id } = await planned();
    await comesIn(id, -2 * HOUR_MS);
    await sweep();
    await sweep();
    expect((await migration(id))?.schedule?.heldFor).toMatch(/did not run when it was to start/);

    await comesIn(id, -25 * HOUR_MS);
    await sweep();
    expect(await stateOf(id)).toBe("expired");
    expect(await bench.store.liveMigration("addon_orders")).toBeUndefined();
  });

  it("when its provider cannot be asked until its time, and not before", async () => {
    const { id } = await planned();
    const own = { ...bench.provider };
    const down = async () => Promise.reject(new Error("no answer"));
    Object.assign(bench.provider, { getAddon: down, listAddons: down });
    await comesIn(id, 60_000);
    await sweep();
    expect(await migration(id)).toMatchObject({
      state: "scheduled",
      schedule: { lookedAt: null, heldFor: null },
    });

    Object.assign(bench.provider, own);
    await sweep();
    expect((await migration(id))?.schedule?.lookedAt).not.toBeNull();
  });
});
