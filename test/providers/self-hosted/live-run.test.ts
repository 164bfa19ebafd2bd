import { expect, test } from "vitest";
import { GodwitError } from "../../../src/core/failure.ts";
import type { Gate } from "../../../src/core/gate.ts";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { type TestFleet, withFleet } from "../../support/with-fleet.ts";
import { aProcess, expectNothingLost } from "./helpers/a-process.ts";
import { aRun, type Run, runStep, runSteps, undoSteps } from "./helpers/run-steps.ts";

const LIVE = { planId: "pg-m", version: "18", zone: "par", strategy: "live" } as const;
const HELD = { ...LIVE, strategy: "live-held" } as const;
const ARMED: Gate = {
  mode: "automatic",
  state: "armed",
  switchAt: null,
  reason: null,
  tries: 0,
  retryAt: null,
  decidedBy: null,
};

/** Publications, slots and roles of replications on the old server, subscriptions on the new one; not of the way back. */
async function leftovers({ fleet, orders }: TestFleet): Promise<unknown[]> {
  const old = await querySql(
    fleet.server(15).url.replace(/postgres$/, orders.database),
    `SELECT pubname AS name FROM pg_publication UNION ALL SELECT slot_name FROM pg_replication_slots
     UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'godwit%' AND rolname NOT LIKE '%_back_apply'`,
  );
  return [...old, ...(await querySql(fleet.server(18).url, "SELECT subname AS name FROM pg_subscription"))];
}

async function writesOn({ shop }: TestFleet): Promise<void> {
  const { accepted } = await shop.status();
  await until(async () => (await shop.status()).accepted > accepted + 5, { what: "the shop to write" });
}

function windowOf(run: Run): number {
  const [from, to] = [
    run.results.get("fence")?.readOnlyFrom,
    run.results.get("restart-applications")?.readOnlyUntil,
  ];
  return (to?.getTime() ?? 0) - (from?.getTime() ?? 0);
}

test("moves a database under a writing shop by replication, and loses nothing", {
  timeout: 120_000,
}, async () => {
  await withFleet({ rows: 20_000, rate: 200 }, async (subject) => {
    const world = await aProcess(subject);
    const run = await aRun(world.provider, LIVE);
    await runSteps(world, run);
    expect(run.gateStates.at(-1) ?? "armed").toBe("armed");
    expect(run.results.get("verify")?.proof?.rows).toBeGreaterThanOrEqual(20_000);
    expect(windowOf(run)).toBeLessThan(15_000);
    await writesOn(subject);
    expect(await leftovers(subject)).toEqual([]);
    await expectNothingLost(subject);
    await world.provider.close();
  });
});

test("waits at a held gate until a person lets it switch, also in another process", {
  timeout: 120_000,
}, async () => {
  await withFleet({ rows: 1_000 }, async (subject) => {
    const first = await aProcess(subject);
    const run = await aRun(first.provider, HELD);
    await runSteps(first, run, "replicate");
    const stop = new AbortController();
    const waiting = runStep(first, run, "gate", stop.signal).catch((error: unknown) => error);
    await until(() => run.gateStates.length > 0 || run.progress.some(({ label }) => /behind/.test(label)), {
      what: "the gate to look",
    });
    stop.abort(new Error("killed"));
    await waiting;
    await first.provider.close();
    await writesOn(subject);
    const world = await aProcess(subject, first);
    const gate = runStep(world, run, "gate");
    run.gate = ARMED;
    await gate;
    expect(run.builds).toContain("looked for");
    await runSteps(world, run);
    await expectNothingLost(subject);
    expect(await leftovers(subject)).toEqual([]);
    await world.provider.close();
  });
});

test("refuses to switch after a deployment has changed a table, and leaves nothing", {
  timeout: 120_000,
}, async () => {
  await withFleet({ rows: 1_000 }, async (subject) => {
    const world = await aProcess(subject);
    const run = await aRun(world.provider, LIVE);
    await runSteps(world, run, "replicate");
    await querySql(subject.orders.url, "ALTER TABLE products ADD COLUMN added int");
    await expect(runStep(world, run, "gate")).rejects.toMatchObject({
      code: "schema-changed",
      class: "permanent",
    });
    await undoSteps(world, run);
    await undoSteps(world, run);
    expect(await leftovers(subject)).toEqual([]);
    await writesOn(subject);
    await world.provider.close();
  });
});

test("returns a switch that takes too long, and switches at the next try", { timeout: 120_000 }, async () => {
  await withFleet({ rows: 1_000 }, async (subject) => {
    const world = await aProcess(subject);
    const run = await aRun(world.provider, LIVE);
    await runSteps(world, run, "gate");
    const slow = await aProcess(subject, world, { switchLimitMs: 50 });
    const failure = await runSteps(slow, run).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GodwitError);
    expect(failure).toMatchObject({ name: "SwitchReturned", code: "switch-too-slow" });
    await backToGate(slow, run);
    await writesOn(subject);
    await runSteps(world, run);
    await expectNothingLost(subject);
    expect(await leftovers(subject)).toEqual([]);
    await Promise.all([slow.provider.close(), world.provider.close()]);
  });
});

/** Takes back what follows the gate, as the runner does. */
async function backToGate(world: Awaited<ReturnType<typeof aProcess>>, run: Run): Promise<void> {
  await undoSteps(world, run, "gate");
  for (const step of ["gate", "fence", "drain", "verify"]) {
    run.results.delete(step);
    run.outputs.delete(step);
    run.checkpoints.delete(step);
  }
  run.fence = null;
}

test.each(["replicate", "gate", "drain"])(
  "leaves nothing when it is undone after %s",
  { timeout: 120_000 },
  async (step) => {
    await withFleet({ rows: 500 }, async (subject) => {
      const world = await aProcess(subject);
      const run = await aRun(world.provider, LIVE);
      await runSteps(world, run, step);
      await world.provider.close();
      const other = await aProcess(subject, world);
      await undoSteps(other, run);
      await undoSteps(other, run);
      expect(await leftovers(subject)).toEqual([]);
      await writesOn(subject);
      await subject.shop.stop();
      expect(await subject.shop.checkJournal(subject.orders.url)).toMatchObject({ missing: [] });
      await other.provider.close();
    });
  },
);
