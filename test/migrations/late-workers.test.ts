import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LeaseLost } from "../../src/core/failure.ts";
import type { StepContext } from "../../src/core/step.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { liftOverdueFences, takeLateFencesAway } from "../../src/migrations/runner/sweep.ts";
import { permanentFailure } from "./scripted-provider.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;
beforeEach(async () => {
  bench = await openWorkbench();
});
afterEach(() => bench.close());

const failing = async () => {
  throw permanentFailure();
};

describe("a watchdog", () => {
  it("notes that it opens a database before it does, so that a late builder opens it again itself", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    bench.provider.behaviours.set("undo fence", failing);
    await drive(bench.driver("one"), id);
    await bench.pool.query("UPDATE godwit.fences SET deadline = now() - interval '1 s', lifting_at = NULL");
    const stood: boolean[] = [];
    Object.assign(bench.provider, {
      unfence: async () => void stood.push(await bench.store.fenceStands(id)),
    });

    await liftOverdueFences(bench.driver("watchdog"));

    expect(stood).toEqual([false]);
  });
});

describe("a worker that wakes up within a step which another takes back", () => {
  it("knows that it is taken back before anything of it is", async () => {
    const { id } = await bench.confirmed();
    const late: boolean[] = [];
    let slept: StepContext | undefined;
    bench.provider.behaviours.set("provision", async (context) => {
      slept = context;
      late.push(await context.wasUndone());
      throw permanentFailure();
    });
    bench.provider.behaviours.set("undo provision", async () => {
      late.push((await slept?.wasUndone()) ?? false);
      return {};
    });

    await drive(bench.driver("one"), id);

    expect(late).toEqual([false, true]);
  });
});

describe("a worker that is killed as it wakes up, with a fence just built that nobody wants", () => {
  it("leaves a note by which every sweep opens the database, until none can wake up any more", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("fence", async (context) => {
      await context.recordFence({ undo: {}, deadline: new Date(Date.now() + 60_000) });
      await context.beginBuild();
      throw permanentFailure();
    });
    await drive(bench.driver("one"), id);
    const opened = () => bench.provider.history.filter((line) => line === `unfence ${id}`).length;
    const sweep = async (lateBuildMs: number) => {
      const driver = bench.driver("two");
      const timings = { ...bench.deps.timings, lateBuildMs };
      await takeLateFencesAway({ ...driver, deps: { ...bench.deps, timings } });
    };

    await sweep(60_000);
    await sweep(60_000);
    expect(opened()).toBe(2);
    await sweep(-1);
    await sweep(-1);
    expect(opened()).toBe(3);
  });

  it("is looked for by a step that waits for the switch, under its lease alone", async () => {
    const { id } = await bench.confirmed();
    const opened = () => bench.provider.history.filter((line) => line === `unfence ${id}`).length;
    const seen: number[] = [];
    bench.provider.behaviours.set("fence", async (context) => {
      await context.openIfAbandoned();
      await context.recordFence({ undo: {}, deadline: new Date(Date.now() + 60_000) });
      await context.beginBuild();
      await context.openIfAbandoned();
      seen.push(opened());
      await context.beginLift();
      await context.liftFence();
      await context.openIfAbandoned();
      seen.push(opened());
      await bench.pool.query("UPDATE godwit.leases SET epoch = epoch + 1 WHERE migration_id = $1", [id]);
      await expect(context.openIfAbandoned()).rejects.toThrow(LeaseLost);
      seen.push(opened());
      throw permanentFailure();
    });

    await drive(bench.driver("one"), id);

    expect(seen).toEqual([0, 1, 1]);
  });

  it("is not looked for once it has told that its fence is wanted", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("fence", async (context) => {
      await context.recordFence({ undo: {}, deadline: new Date(Date.now() + 60_000) });
      await context.beginBuild();
      await context.endBuild();
      throw permanentFailure();
    });
    await drive(bench.driver("one"), id);

    await takeLateFencesAway(bench.driver("two"));

    expect(bench.provider.history).not.toContain(`unfence ${id}`);
  });
});
