import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFleet, aLog, NEVER, type TestFleet } from "./helpers/a-fleet.ts";
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

test("draws names and password once, also when making the database fails between", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "check");
  fleet.engine.failNext("provision", new Error("crash"));
  await expect(runStep(world, run, "provision")).rejects.toThrow("crash");
  const [checkpoint, password] = [
    run.checkpoints.get("provision"),
    fleet.store.secrets.get(`migration:${run.migration.id}`),
  ];
  expect(checkpoint?.["target"]).toBeDefined();
  await runStep(world, run, "provision");
  expect(run.outputs.get("provision")).toEqual(checkpoint);
  expect(fleet.store.secrets.get(`migration:${run.migration.id}`)).toBe(password);
});

test("plans the fence once: a second attempt keeps the settings from before the first", async () => {
  const { fleet, run, world } = await aMigration();
  fleet.engine.failNext("proveFence", new Error("crash"));
  await expect(runSteps(world, run)).rejects.toThrow("crash");
  const since = run.checkpoints.get("fence")?.["since"];
  fleet.provider = fleet.anotherProcess();
  const { readOnlyFrom } = await runStep(worldOf(fleet), run, "fence");
  expect(readOnlyFrom?.toISOString()).toBe(since);
  expect(run.outputs.get("fence")?.["undo"]).toMatchObject({ engineNotes: { wasFenced: false } });
});

test("lets any process take the fence away from the record alone", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "copy-data");
  if (!run.fence) throw new Error("no fence was recorded");
  await fleet.anotherProcess().unfence(run.fence, NEVER);
  expect(fleet.engine.fenced.size).toBe(0);
  expect(fleet.engine.calls.at(-1)).toBe(`unfence ${run.migration.id} {"wasFenced":false}`);
});

test("refuses to go on past the deadline, when a watchdog may have opened the source", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "fence");
  fleet.clock.forward(4 * 3_600_000);
  await expect(runStep(world, run, "copy-data")).rejects.toMatchObject({
    code: "fence-expired",
    class: "permanent",
  });
});

test("passes the pivot only well before the deadline", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "verify");
  fleet.clock.forward(4 * 3_600_000 - 20_000);
  await expect(runStep(world, run, "switch-over")).rejects.toMatchObject({ code: "fence-expired" });
  expect(run.pivots).toEqual([]);
});

test("builds the fence again in another process, and verifies again before the pivot", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "verify");
  fleet.engine.loseHolds();
  fleet.engine.calls.length = 0;
  fleet.provider = fleet.anotherProcess();
  await runSteps(worldOf(fleet), run, "switch-over");
  expect(fleet.engine.calls).toEqual([`fence ${run.migration.id}`, "verify"]);
  expect(run.pivots).toHaveLength(1);
});

test("does not verify twice when the fence has stood", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "switch-over");
  expect(fleet.engine.calls.filter((call) => call === "verify")).toHaveLength(1);
});

test("completes the env files after a crash behind the pivot, without passing it twice", async () => {
  const { fleet, run, world } = await aMigration();
  const file = join(fleet.folder, "shop.env");
  await runSteps(world, run, "switch-over");
  await writeFile(file, "DATABASE_URL=postgres://old\n");
  fleet.provider = fleet.anotherProcess();
  const result = await runStep(worldOf(fleet), run, "switch-over");
  expect(await readFile(file, "utf8")).toContain("@pg18.db.example");
  expect(run.pivots).toHaveLength(1);
  expect(result.output?.["oldKeptUntil"]).toBe(run.pivots[0]?.retireOldAt.toISOString());
});

test("calls a file that cannot be written behind the pivot transient, so that it is tried again", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "verify");
  const application = fleet.config.applications[0] as { envFile: string };
  application.envFile = join(fleet.folder, "missing.env");
  await expect(runStep(world, run, "switch-over")).rejects.toMatchObject({
    code: "env-file-missing",
    class: "transient",
  });
  expect(run.pivots).toHaveLength(1);
});

test("never drops a database that the add-on lives in", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run);
  await expect(undoSteps(world, run)).rejects.toMatchObject({ code: "target-in-use" });
  expect(fleet.engine.databases.has(targetOf(run))).toBe(true);
});

test("takes a fence back that it built after the database had been opened again, as a process does that slept", async () => {
  const { fleet, run, world } = await aMigration();
  const fence = fleet.engine.fence.bind(fleet.engine);
  fleet.engine.fence = async (...given) => {
    run.fenceLifted = true;
    return fence(...given);
  };

  await expect(runSteps(world, run, "fence")).rejects.toThrow("opened again");

  expect(fleet.engine.fenced.size).toBe(0);
});

test("drops a database that it made after another worker had taken that back, as a process does that slept", async () => {
  const { fleet, run, world } = await aMigration();
  const provision = fleet.engine.provision.bind(fleet.engine);
  fleet.engine.provision = async (...given) => {
    await provision(...given);
    run.undone.add("provision");
  };

  await expect(runSteps(world, run, "provision")).rejects.toThrow("taken back");

  expect(fleet.engine.calls.at(-1)).toMatch(/^drop/);
  expect([...fleet.store.secrets.keys()]).not.toContain(`migration:${run.migration.id}`);
});

test("notes that it takes a fence away before it does, so that whoever builds it meanwhile takes it back", async () => {
  const { fleet, run, world } = await aMigration();
  await runSteps(world, run, "fence");
  const noted: boolean[] = [];
  const unfence = fleet.engine.unfence.bind(fleet.engine);
  fleet.engine.unfence = async (...given) => {
    noted.push(run.fenceLifting);
    await unfence(...given);
  };

  await undoSteps(world, run);

  expect(noted).toEqual([true]);
});

test("notes that it builds a fence before it does, and that it has once it knows that it is wanted", async () => {
  const { fleet, run, world } = await aMigration();
  const fence = fleet.engine.fence.bind(fleet.engine);
  fleet.engine.fence = async (...given) => {
    run.builds.push("built");
    return fence(...given);
  };

  await runSteps(world, run, "fence");

  expect(run.builds).toEqual(["begun", "built", "ended"]);
});
