import { expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { cancelMigration } from "../../../src/migrations/cancel-migration.ts";
import { retryMigration } from "../../../src/migrations/retry-migration.ts";
import { drive } from "../../../src/migrations/runner/drive.ts";
import { until } from "../../support/until.ts";
import { aRun, runStep, undoSteps } from "../self-hosted/helpers/run-steps.ts";
import { ALICE, aBench, type Bench } from "./helpers/a-bench.ts";
import { aLog, aPlatform, NEVER, orders } from "./helpers/a-platform.ts";

/** Drives a migration until the platform is at a step and Godwit at another. */
async function drivenTo(bench: Bench, { platformStep, step }: { platformStep: string; step: string }) {
  const addon = orders(bench.clever);
  const { id } = await bench.confirmed({ addonId: "orders", version: "17" });
  const driving = drive(bench.driver(), id);
  await until(
    () => bench.clever.migrationsOf(addon).some(({ steps }) => steps.at(-1)?.value === platformStep),
    { what: platformStep },
  );
  await until(
    async () =>
      (await bench.store.steps(id)).some(({ name, status }) => name === step && status === "running"),
    { what: `the step ${step}` },
  );
  return { addon, id, driving };
}

test("a cancel before the read-only time is taken to the platform, and its end is waited for", async () => {
  const bench = await aBench();
  const { clever, store, deps, told, posted } = bench;
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const { addon, id, driving } = await drivenTo(bench, {
    platformStep: "DEPLOY_MIGRATION_INSTANCE",
    step: "prepare",
  });
  const card = await until(
    async () => (await told(id, "progress")).find((line) => line.includes("phase 2 of 6")),
    { what: "the phase on the card" },
  );
  expect(card).toMatch(
    /^- Make the new instance: In progress for .*\. phase 2 of 6, new instance: DEPLOY_MIGRATION_INSTANCE for [\d.]+ s$/,
  );
  expect(await cancelMigration(deps, id, ALICE)).toMatchObject({ kind: "cancelling" });
  await driving;

  expect(await store.migration(id)).toMatchObject({ state: "cancelled", failure: null });
  expect(clever.migrationsOf(addon)).toMatchObject([{ status: "ABORTED" }]);
  expect(clever.callsTo("abortMigration")).toHaveLength(1);
  expect(addon).toMatchObject({ version: "15", isReadOnly: false });
  expect(await told(id, "cancelled")).toEqual([
    "The migration of orders is cancelled by alice. What was done is taken back; the old database is in service and accepts writes.",
  ]);
  expect(await posted()).toEqual(["confirmation", "progress", "cancelled"]);
  expect(clever.violations).toEqual([]);
});

test("a cancel whose way does not answer at first is repeated until it is taken", async () => {
  const bench = await aBench();
  const { clever, store, deps } = bench;
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const { id, driving } = await drivenTo(bench, {
    platformStep: "DEPLOY_MIGRATION_INSTANCE",
    step: "prepare",
  });
  clever.faults.next("abortMigration", { status: 503 }, { times: 2 });
  await cancelMigration(deps, id, ALICE);
  await driving;

  expect((await store.migration(id))?.state).toBe("cancelled");
  expect(clever.callsTo("abortMigration")).toHaveLength(3);
});

test("a cancel that is taken and whose answer is lost has happened", async () => {
  const bench = await aBench();
  const { clever, store, deps } = bench;
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const { addon, id, driving } = await drivenTo(bench, {
    platformStep: "DEPLOY_MIGRATION_INSTANCE",
    step: "prepare",
  });
  clever.faults.next("abortMigration", { acceptedButDropped: true });
  await cancelMigration(deps, id, ALICE);
  await driving;

  expect((await store.migration(id))?.state).toBe("cancelled");
  expect(addon.version).toBe("15");
});

test("a cancel that the platform refuses as too late says where the database is, and a retry sees it through", async () => {
  const bench = await aBench();
  const { clever, store, deps, told } = bench;
  clever.scenarios.next({ cancel: "too-late", holdAt: "DEPLOY_MIGRATION_INSTANCE" });
  const { addon, id, driving } = await drivenTo(bench, {
    platformStep: "DEPLOY_MIGRATION_INSTANCE",
    step: "prepare",
  });
  await cancelMigration(deps, id, ALICE);
  await until(() => clever.callsTo("abortMigration").length === 1, { what: "the cancel" });
  clever.scenarios.release();
  await driving;

  expect(await store.migration(id)).toMatchObject({ state: "needs_support", pivotPassed: false });
  const lines = await told(id, "failed");
  expect(lines).toContain(
    "What happened: The cancel came too late: Clever Cloud had begun to move orders, which is on XS Small Space, PostgreSQL 17 in zone par now.",
  );
  expect(lines).toContain(
    "What to do: Press Retry from this step: Godwit then looks at the new database and the applications.",
  );
  await retryMigration(deps, { migrationId: id, by: ALICE, deliveryId: "d1" }, NEVER);
  await drive(bench.driver("two"), id);

  expect((await store.migration(id))?.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
  expect(addon.version).toBe("17");
});

test("once writes are refused, a cancel is refused before it is sent", async () => {
  const bench = await aBench();
  const { clever, store, deps } = bench;
  clever.scenarios.holdAt("DUMP_AND_RESTORE");
  const { id, driving } = await drivenTo(bench, { platformStep: "DUMP_AND_RESTORE", step: "follow" });
  const answer = await cancelMigration(deps, id, ALICE);
  clever.scenarios.release();
  await driving;

  expect(answer).toMatchObject({ kind: "refused", refusal: { code: "past-the-pivot" } });
  expect((await store.migration(id))?.state).toBe("succeeded");
  expect(clever.callsTo("abortMigration")).toEqual([]);
});

test("the step that waits for the new instance is not undone before the platform is back", async () => {
  const { clever, provider, lines } = await aPlatform();
  const addon = orders(clever);
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const target = { planId: addon.plan.id, version: "17", zone: "par", strategy: "dump" } as const;
  const run = await aRun(provider, target, addon.id);
  const store = { outputs: run.outputs, passPivot: () => undefined };
  const world = { provider, clock: systemClock, log: aLog(lines), store };
  for (const step of ["check", "start"]) await runStep(world, run, step);
  await until(() => clever.migrationsOf(addon)[0]?.steps.at(-1)?.value === "DEPLOY_MIGRATION_INSTANCE", {
    what: "the new instance",
  });
  await undoSteps(world, run, "start");

  expect(clever.migrationsOf(addon)).toMatchObject([{ status: "ABORTED" }]);
  await undoSteps(world, run);
  expect(clever.callsTo("abortMigration")).toHaveLength(1);
});

test("a cancel that the platform refuses for another reason leaves its end to be waited for", async () => {
  const bench = await aBench();
  const { clever, store, deps } = bench;
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const { id, driving } = await drivenTo(bench, {
    platformStep: "DEPLOY_MIGRATION_INSTANCE",
    step: "prepare",
  });
  clever.faults.next("abortMigration", { status: 403 }, { times: 50 });
  await cancelMigration(deps, id, ALICE);
  await until(() => clever.callsTo("abortMigration").length === 1, { what: "the cancel" });
  clever.scenarios.release();
  await driving;

  expect(await store.migration(id)).toMatchObject({
    state: "needs_support",
    failure: { summary: expect.stringMatching(/^The cancel came too late/) },
  });
  expect(clever.callsTo("abortMigration")).toHaveLength(1);
});
