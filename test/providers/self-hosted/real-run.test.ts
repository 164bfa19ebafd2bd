import { expect, test } from "vitest";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";
import { NEVER } from "./helpers/a-fleet.ts";
import { aProcess, expectNothingLost, type World } from "./helpers/a-process.ts";
import { aRun, type Run, runStep, runSteps, undoSteps } from "./helpers/run-steps.ts";

const TARGET = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;

async function databasesOf(url: string): Promise<string[]> {
  const rows = await querySql<{ name: string }>(url, "SELECT datname AS name FROM pg_database ORDER BY 1");
  return rows.map(({ name }) => name);
}

function newPassword({ store }: World, run: Run): string {
  return store.secrets.get(`migration:${run.migration.id}`)?.reveal() ?? "";
}

test("moves a database under a writing shop from 15 to 18 and loses nothing", {
  timeout: 120_000,
}, async () => {
  await withFleet({ rows: 3_000 }, async (subject) => {
    const world = await aProcess(subject);
    const run = await aRun(world.provider, TARGET);
    await runSteps(world, run);
    const outcome = await world.provider.outcome(run.migration);
    expect(outcome.applications).toEqual([{ name: "Shop", connectedAt: expect.any(Date) }]);
    expect(run.results.get("verify")?.proof?.rows).toBeGreaterThanOrEqual(3_000);
    const accepted = (await subject.shop.status()).accepted;
    await until(async () => (await subject.shop.status()).accepted > accepted, { what: "the shop to write" });
    const told = JSON.stringify([
      [...run.outputs],
      [...run.checkpoints],
      run.fence,
      world.lines,
      run.progress,
    ]);
    for (const secret of [newPassword(world, run), subject.orders.password])
      expect(told).not.toContain(secret);
    await expect(querySql(subject.orders.url, "SELECT 1")).rejects.toThrow();
    await expectNothingLost(subject);
    await world.provider.close();
  });
});

test("returns to the old database when the copy fails, and the shop writes on", {
  timeout: 120_000,
}, async () => {
  await withFleet({ rows: 1_000 }, async (subject) => {
    const world = await aProcess(subject);
    const before = await databasesOf(subject.fleet.server(18).url);
    const run = await aRun(world.provider, TARGET);
    await runSteps(world, run, "copy-data");
    await undoSteps(world, run);
    await undoSteps(world, run);
    const { accepted } = await subject.shop.status();
    await until(async () => (await subject.shop.status()).accepted > accepted + 5, {
      what: "the shop to write",
    });
    expect(await databasesOf(subject.fleet.server(18).url)).toEqual(before);
    await subject.shop.stop();
    expect(await subject.shop.checkJournal(subject.orders.url)).toMatchObject({ missing: [] });
    await world.provider.close();
  });
});

test("goes on in another process after a crash under the fence", { timeout: 120_000 }, async () => {
  await withFleet({ rows: 1_000 }, async (subject) => {
    const crashed = await aProcess(subject);
    const run = await aRun(crashed.provider, TARGET);
    await runSteps(crashed, run, "verify");
    await crashed.provider.close();
    const world = await aProcess(subject, crashed);
    await runSteps(world, run);
    expect(world.lines.join("\n")).toContain("fence was rebuilt, verifying again");
    await expectNothingLost(subject);
    await world.provider.close();
  });
});

test.each([
  {
    insist: "INSERT INTO public.products (name, price) VALUES ('sneaked', 1)",
    code: "verification-mismatch",
  },
  { insist: "CREATE TABLE public.sneaked AS SELECT 1 AS n", code: "schema-changed" },
])(
  "does not switch after somebody insisted on writing while nobody held the fence: $code",
  {
    timeout: 120_000,
  },
  async ({ insist, code }) => {
    await withFleet({ rows: 1_000 }, async (subject) => {
      const crashed = await aProcess(subject);
      const run = await aRun(crashed.provider, TARGET);
      await runSteps(crashed, run, "verify");
      await crashed.provider.close();
      const url = subject.fleet.server(15).url.replace(/postgres$/, subject.orders.database);
      await querySql(url, `BEGIN READ WRITE; ${insist}; COMMIT`);
      const world = await aProcess(subject, crashed);
      await expect(runStep(world, run, "switch-over")).rejects.toMatchObject({ code });
      expect(run.pivots).toEqual([]);
      await undoSteps(world, run);
      await world.provider.close();
    });
  },
);

test("lets a watchdog open the database of a worker that is gone", { timeout: 120_000 }, async () => {
  await withFleet({ rows: 1_000 }, async (subject) => {
    const crashed = await aProcess(subject);
    const run = await aRun(crashed.provider, TARGET);
    await runSteps(crashed, run, "fence");
    const watchdog = await aProcess(subject, crashed);
    if (!run.fence) throw new Error("no fence was recorded");
    await watchdog.provider.unfence(run.fence, NEVER);
    const { accepted } = await subject.shop.status();
    await until(async () => (await subject.shop.status()).accepted > accepted, { what: "the shop to write" });
    await undoSteps(crashed, run);
    await watchdog.provider.close();
  });
});

test("drops the old database when its time has come", { timeout: 120_000 }, async () => {
  await withFleet({ rows: 500 }, async (subject) => {
    const world = await aProcess(subject);
    const run = await aRun(world.provider, TARGET);
    await runSteps(world, run);
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    expect(await world.provider.sweep(later(49), NEVER)).toMatchObject([{ kind: "retirement-announced" }]);
    expect(await world.provider.sweep(later(72.1), NEVER)).toMatchObject([{ kind: "retired" }]);
    expect(await databasesOf(subject.fleet.server(15).url)).not.toContain("orders");
    await expectNothingLost(subject);
    await world.provider.close();
  });
});
