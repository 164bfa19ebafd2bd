import { afterEach, beforeEach, expect, it } from "vitest";
import { drive } from "../../src/migrations/runner/drive.ts";
import { CRASH_CAP } from "../../src/migrations/runner/note-crash.ts";
import { until } from "../support/until.ts";
import { permanentFailure } from "./scripted-provider.ts";
import { relocation, untilAborted } from "./step-behaviours.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

const linesOf = (line: string) => bench.provider.history.filter((each) => each === line).length;
const migrationOf = (id: string) => bench.store.migration(id);
const hang = async ({ signal }: { readonly signal: AbortSignal }) => untilAborted(signal);

/** A worker that dies while a step of this name is under way: it stops, and its lease is left to run out. */
async function dieAt(id: string, line: string, owner: string): Promise<void> {
  const before = linesOf(line);
  const worker = bench.driver(owner);
  const driving = drive(worker, id).catch(() => undefined);
  await until(() => linesOf(line) > before, { what: `another “${line}”` });
  worker.stop("lost");
  await driving;
  await bench.pool.query(
    `UPDATE godwit.leases SET owner = $1, until = clock_timestamp() - interval '1 s' WHERE migration_id = $2`,
    [owner, id],
  );
}

async function dieOften(id: string, line: string, times: number): Promise<void> {
  for (let death = 1; death <= times; death += 1) await dieAt(id, line, `worker${death}`);
}

it("takes everything back after a step has ended its worker too often before the pivot", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", hang);
  await dieOften(id, "run copy", CRASH_CAP);
  await drive(bench.driver("last"), id);

  expect(linesOf("run copy")).toBe(CRASH_CAP);
  const found = await migrationOf(id);
  expect(found).toMatchObject({ state: "rolled_back", failure: { code: "worker-lost", step: "copy" } });
  expect(found?.failure?.summary).toMatch(/^“copy” has ended its worker 5 times in a row/);
  expect((await bench.outbox()).filter((line) => line === "post failure failed")).toHaveLength(1);
});

it("waits for support after a step has ended its worker too often after the pivot", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("switch", async (context) => {
    await context.passPivot(relocation());
    return {};
  });
  bench.provider.behaviours.set("finish", hang);
  await dieOften(id, "run finish", CRASH_CAP);
  await drive(bench.driver("last"), id);

  expect(linesOf("run finish")).toBe(CRASH_CAP);
  expect(await migrationOf(id)).toMatchObject({ state: "needs_support", failure: { code: "worker-lost" } });
});

it("counts an undo that ends its worker by itself", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async () => Promise.reject(permanentFailure()));
  bench.provider.behaviours.set("undo provision", hang);
  await dieOften(id, "undo provision", CRASH_CAP);
  await drive(bench.driver("last"), id);

  expect(await migrationOf(id)).toMatchObject({ state: "needs_support", failure: { step: "provision" } });
});

it("repeats a step that gets further each time, however often its worker dies", async () => {
  const { id } = await bench.confirmed();
  const deaths = CRASH_CAP + 1;
  let runs = 0;
  bench.provider.behaviours.set("copy", async (context) => {
    runs += 1;
    await context.saveCheckpoint({ table: runs });
    bench.provider.history.push("noted");
    if (runs <= deaths) await untilAborted(context.signal);
    return {};
  });
  await dieOften(id, "noted", deaths);
  await drive(bench.driver("last"), id);

  expect(await migrationOf(id)).toMatchObject({ state: "succeeded" });
});

it("takes no death for a failure: the budget of those that may pass is left whole", async () => {
  const { id } = await bench.confirmed();
  let runs = 0;
  bench.provider.behaviours.set("copy", async (context) => {
    runs += 1;
    if (runs <= 4) await untilAborted(context.signal);
    if (runs <= 8) throw new Error("may pass");
    return {};
  });
  await dieOften(id, "run copy", 4);
  await drive(bench.driver("last"), id);

  expect(await migrationOf(id)).toMatchObject({ state: "succeeded" });
  expect(runs).toBe(9);
});

it("takes no worker that handed its work over for one that died", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", hang);
  for (let time = 1; time <= CRASH_CAP + 1; time += 1) {
    const worker = bench.driver(`worker${time}`);
    const driving = drive(worker, id);
    await until(() => linesOf("run copy") === time, { what: "the step to run" });
    worker.stop();
    await driving;
  }
  bench.provider.behaviours.delete("copy");
  await drive(bench.driver("last"), id);

  expect(await migrationOf(id)).toMatchObject({ state: "succeeded" });
});
