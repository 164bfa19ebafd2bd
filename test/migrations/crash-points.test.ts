import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cancelMigration } from "../../src/migrations/cancel-migration.ts";
import { retryMigration } from "../../src/migrations/retry-migration.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { liftOverdueFences } from "../../src/migrations/runner/sweep.ts";
import { until } from "../support/until.ts";
import { permanentFailure } from "./scripted-provider.ts";
import { relocation, untilAborted } from "./step-behaviours.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench({ leaseMs: 5_000 });
});

afterEach(async () => {
  await bench.close();
});

const signal = () => AbortSignal.timeout(9_000);
const stateOf = async (id: string) => (await bench.store.migration(id))?.state;
const linesOf = (line: string) => bench.provider.history.filter((each) => each === line);
const failing = async () => Promise.reject(permanentFailure());
const overdueFence = (id: string) => ({
  migrationId: id,
  providerName: "scripted",
  addonId: "addon_orders",
  undo: {},
  deadline: new Date(0),
});

/** A watchdog that has read its list of fences before the world went on. */
function lateWatchdog(id: string) {
  const driver = bench.driver("watchdog");
  const store = { ...bench.store, overdueFences: async () => [overdueFence(id)] };
  return { ...driver, deps: { ...driver.deps, store } };
}

function pivots(): void {
  bench.provider.behaviours.set("switch", async (context) => {
    await context.passPivot(relocation());
    return {};
  });
}

describe("a cancel at an awkward moment", () => {
  it("is refused for a migration that waits to go on after its pivot", async () => {
    const { id } = await bench.confirmed();
    pivots();
    bench.provider.behaviours.set("finish", failing);
    await drive(bench.driver("one"), id);
    await retryMigration(bench.deps, { migrationId: id, by: ALICE }, signal());

    const answer = await cancelMigration(bench.deps, id, ALICE);

    expect(answer).toMatchObject({ kind: "refused", refusal: { code: "past-the-pivot" } });
    expect(await stateOf(id)).toBe("queued");
  });

  it("takes back what stands of a migration that waits to go on before its pivot", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    bench.provider.behaviours.set("undo provision", failing);
    await drive(bench.driver("one"), id);
    await retryMigration(bench.deps, { migrationId: id, by: ALICE }, signal());
    bench.provider.behaviours.delete("undo provision");
    bench.provider.history.length = 0;

    await cancelMigration(bench.deps, id, ALICE);
    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("cancelled");
    expect(bench.provider.history).toEqual(["undo provision", "undo check"]);
  });

  it("that was accepted while the step before the pivot ended keeps the pivot from beginning", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", async () => {
      await cancelMigration(bench.deps, id, ALICE);
      return {};
    });

    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("cancelled");
    expect(linesOf("run switch")).toEqual([]);
  });
});

describe("a watchdog", () => {
  it("leaves a migration to the living worker that is taking it back", async () => {
    const { id } = await bench.confirmed();
    let letGo = () => {};
    bench.provider.behaviours.set("fence", async (context) => {
      await context.recordFence({ undo: {}, deadline: new Date(Date.now() - 1) });
      throw permanentFailure();
    });
    bench.provider.behaviours.set("undo fence", async () => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      return {};
    });
    const driving = drive(bench.driver("one"), id);
    await until(() => linesOf("undo fence").length > 0, { what: "the undo to begin" });

    const watching = liftOverdueFences(bench.driver("watchdog"));
    await Promise.race([watching, new Promise((resolve) => setTimeout(resolve, 500))]);
    letGo();
    await driving;
    letGo();
    await watching;

    expect(await stateOf(id)).toBe("rolled_back");
    expect(linesOf("undo fence")).toHaveLength(1);
  });

  it("that comes late leaves a fence alone that is gone: the next migration's may stand there", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    await drive(bench.driver("one"), id);

    await liftOverdueFences(lateWatchdog(id));

    expect(linesOf(`unfence ${id}`)).toEqual([]);
  });

  it("that comes late does not fail a migration that has passed its pivot", async () => {
    const { id } = await bench.confirmed();
    pivots();
    bench.provider.behaviours.set("finish", (context) => untilAborted(context.signal));
    const driver = bench.driver("one");
    const driving = drive(driver, id);
    await until(() => linesOf("run finish").length > 0, { what: "the last step to begin" });

    await liftOverdueFences(lateWatchdog(id));

    expect(await stateOf(id)).toBe("running");
    driver.stop();
    await driving;
  });

  it("tells the thread when it opens the database of a migration that waits for support", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    bench.provider.behaviours.set("undo fence", failing);
    await drive(bench.driver("one"), id);
    await bench.pool.query("UPDATE godwit.fences SET deadline = now() - interval '1 s'");

    await Promise.all([
      liftOverdueFences(bench.driver("watchdog")),
      liftOverdueFences(bench.driver("another")),
    ]);

    const told = (await bench.outbox()).filter((line) => line === "post read-only read-only-ended");
    expect(told).toHaveLength(1);
    expect((await bench.store.migration(id))?.readOnlyUntil).not.toBeNull();
  });
});

describe("a retry before the pivot", () => {
  it("fences from new notes and tells the second time read-only as it tells the first", async () => {
    const { id } = await bench.confirmed();
    const checkpoints: unknown[] = [];
    bench.provider.behaviours.set("fence", async (context) => {
      checkpoints.push(context.checkpoint);
      await context.saveCheckpoint({ deadline: "old" });
      await context.recordFence({ undo: {}, deadline: new Date(Date.now() + 60_000) });
      return { readOnlyFrom: new Date() };
    });
    bench.provider.behaviours.set("copy", failing);
    bench.provider.behaviours.set("undo provision", failing);
    await drive(bench.driver("one"), id);
    expect(await stateOf(id)).toBe("needs_support");
    bench.provider.behaviours.delete("undo provision");

    await retryMigration(bench.deps, { migrationId: id, by: ALICE }, signal());
    await drive(bench.driver("one"), id);

    expect(checkpoints).toEqual([null, null]);
    const told = (await bench.outbox()).filter((line) => line.startsWith("post read-only"));
    expect(told.map((line) => line.split(" ")[2])).toEqual([
      "read-only-began",
      "read-only-ended",
      "read-only-began",
      "read-only-ended",
    ]);
  });
});

describe("a worker whose heartbeats hang", () => {
  it("stops before another may start", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", (context) => untilAborted(context.signal));
    let hangs = false;
    const driver = bench.driver("one");
    const heartbeat: typeof bench.store.heartbeat = (lease, ttlMs) =>
      hangs ? new Promise(() => {}) : bench.store.heartbeat(lease, ttlMs);
    const timings = { ...bench.deps.timings, leaseMs: 500 };
    const driving = drive(
      { ...driver, deps: { ...bench.deps, timings, store: { ...bench.store, heartbeat } } },
      id,
    );
    await until(() => linesOf("run copy").length > 0, { what: "the copy to begin" });

    hangs = true;
    const ended = await Promise.race([
      driving.then(() => "stopped"),
      new Promise((resolve) => setTimeout(resolve, 2_000, "goes on")),
    ]);

    expect(ended).toBe("stopped");
  });
});
