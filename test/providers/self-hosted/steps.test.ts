import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFleet, aLog, type TestFleet } from "./helpers/a-fleet.ts";
import { aRun, type Run, type RunWorld, runStep, runSteps, undoSteps } from "./helpers/run-steps.ts";

const TARGET = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;

async function aMigration(change?: Parameters<typeof aFleet>[0]) {
  const fleet = await aFleet(change);
  const run = await aRun(fleet.provider, TARGET);
  fleet.engine.calls.length = 0;
  return { fleet, run, world: worldOf(fleet) };
}

function worldOf({ provider, clock, lines, store }: TestFleet): RunWorld {
  return { provider, clock, log: aLog(lines), store };
}

function targetOf(run: Run) {
  const target = run.outputs.get("provision")?.["target"] as { database: string; serverId: string };
  return `${target.serverId}/${target.database}`;
}

test("moves an add-on, step by step, in the order of the design", async () => {
  const { fleet, run, world } = await aMigration();
  fleet.engine.connected = new Date("2026-01-01T00:05:00Z");
  await runSteps(world, run);
  expect([...run.results.keys()]).toEqual([
    "check",
    "provision",
    "copy-schema",
    "fence",
    "copy-data",
    "verify",
    "switch-over",
    "restart-applications",
    "finish",
  ]);
  expect(fleet.engine.calls.filter((call) => !call.startsWith("inspect"))).toEqual([
    "preflight pg18",
    "provision pg18",
    "schemaFingerprint",
    "copySchema",
    "planFence",
    `fence ${run.migration.id}`,
    "proveFence",
    "schemaFingerprint",
    "copyData",
    "verify",
    "close pg15/orders",
    "finish",
  ]);
  expect(fleet.store.records.get("addon_orders")).toMatchObject({ serverId: "pg18", planId: "pg-m" });
  expect(run.fenceLifted).toBe(true);
});

test("has exactly one pivot, and every step a title and a timeout", async () => {
  const { run, world } = await aMigration();
  const steps = world.provider.steps(run.migration);
  expect(steps.filter(({ pivot }) => pivot).map(({ name }) => name)).toEqual(["switch-over"]);
  for (const { title, timeoutMs } of steps)
    expect([title.length > 5, timeoutMs >= 60_000]).toEqual([true, true]);
});

test("tells when read-only began and ended, the proof, and what changed", async () => {
  const { fleet, run, world } = await aMigration();
  fleet.engine.connected = new Date("2026-01-01T00:05:00Z");
  await runSteps(world, run);
  expect(run.results.get("fence")?.readOnlyFrom).toBeInstanceOf(Date);
  expect(run.results.get("verify")?.proof?.rows).toBe(10);
  expect(run.results.get("restart-applications")?.readOnlyUntil).toEqual(fleet.engine.connected);
  const outcome = await world.provider.outcome(run.migration);
  expect(outcome.variables).toEqual(["DATABASE_URL", "PGPASSWORD"]);
  expect(outcome.applications).toEqual([{ name: "Shop", connectedAt: fleet.engine.connected }]);
  expect(outcome.oldKeptUntil).toEqual(run.pivots[0]?.retireOldAt);
});

test("writes the new address and password into the env file, and only there", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run);
  const password = fleet.store.secrets.get("migration:mig_0123456789abcdef")?.reveal() ?? "";
  expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
  const [server, database] = targetOf(run).split("/");
  expect(database).toMatch(/^orders_[a-z0-9]{6}$/);
  expect(await readFile(join(fleet.folder, "shop.env"), "utf8")).toBe(
    `# Shop\nDATABASE_URL=postgres://${database}:${password}@${server}.db.example:5432/${database}\nPORT=3000\nPGPASSWORD=${password}\n`,
  );
  const stored = JSON.stringify([
    [...run.outputs],
    [...run.checkpoints],
    run.fence,
    fleet.lines,
    run.progress,
  ]);
  for (const secret of [password, "hunter2", "old-password"]) expect(stored).not.toContain(secret);
});

test.each(["provision", "copySchema", "fence", "proveFence", "copyData", "verify"])(
  "returns everything to the old database when %s fails",
  async (call) => {
    const { fleet, run, world } = await aMigration();
    fleet.engine.failNext(call, new Error("boom"));
    await expect(runSteps(world, run)).rejects.toThrow("boom");
    await undoSteps(world, run);
    await undoSteps(world, run);
    expect([...fleet.engine.databases]).toEqual(["pg15/orders"]);
    expect(fleet.engine.fenced.size).toBe(0);
    expect(fleet.store.secrets.has(`migration:${run.migration.id}`)).toBe(false);
    expect(run.pivots).toEqual([]);
    expect(await readFile(join(fleet.folder, "shop.env"), "utf8")).toContain("postgres://old");
  },
);

test("stores the intent to fence before the source is touched, with all that undoing needs", async () => {
  const { fleet, run, world } = await aMigration();
  fleet.engine.failNext("fence", new Error("boom"));
  await expect(runSteps(world, run)).rejects.toThrow("boom");
  expect(run.fence?.undo).toMatchObject({
    source: { database: "orders" },
    engineNotes: { wasFenced: false },
  });
  const limit = (run.fence?.deadline.getTime() ?? 0) - fleet.clock.now().getTime();
  expect(limit).toBeGreaterThan(4 * 3_600_000 - 60_000);
});

test("finds a schema that changed while it was copied", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "copy-schema");
  fleet.engine.schema = "schema-2";
  await expect(runStep(world, run, "fence")).rejects.toMatchObject({
    code: "schema-changed",
    class: "permanent",
  });
});

test("tells statistics that failed as a warning, after the old database is closed", async () => {
  const { fleet, run, world } = await aMigration();
  fleet.engine.failNext("finish", new Error("statement timeout"));
  await runSteps(world, run);
  expect(run.outputs.get("finish")?.["warnings"]).toHaveLength(1);
  expect(fleet.engine.calls).toContain("close pg15/orders");
});

test("stops at the check when a blocker came up since the confirmation", async () => {
  const { fleet, run, world } = await aMigration();
  fleet.engine.findings = [
    { check: "prepared-transactions", level: "blocker", summary: "There are some.", remedy: "End them." },
  ];
  await expect(runSteps(world, run)).rejects.toMatchObject({
    code: "prepared-transactions",
    remedy: "End them.",
  });
  expect([...fleet.engine.databases]).toEqual(["pg15/orders"]);
});

test("refreshes on the same server under a new name", async () => {
  const fleet = await aFleet();
  const run = await aRun(fleet.provider, { planId: "pg-s", version: "15", zone: "par", strategy: "dump" });
  await runSteps(worldOf(fleet), run);
  expect(targetOf(run)).toMatch(/^pg15\/orders_[a-z0-9]{6}$/);
  expect(fleet.store.records.get("addon_orders")?.serverId).toBe("pg15");
});
