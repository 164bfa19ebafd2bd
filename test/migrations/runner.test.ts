import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GodwitError } from "../../src/core/failure.ts";
import { retryMigration } from "../../src/migrations/retry-migration.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { liftOverdueFences } from "../../src/migrations/runner/sweep.ts";
import { until } from "../support/until.ts";
import { permanentFailure, STEP_NAMES } from "./scripted-provider.ts";
import { relocation, untilAborted } from "./step-behaviours.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

const stateOf = async (id: string) => (await bench.store.migration(id))?.state;
const runs = () => bench.provider.history.filter((line) => line.startsWith("run"));

describe("a migration without trouble", () => {
  it("runs every step once, in order, and succeeds", async () => {
    const { id } = await bench.confirmed();

    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("succeeded");
    expect(bench.provider.history).toEqual(STEP_NAMES.map((name) => `run ${name}`));
  });

  it("tells the thread its milestones once each, and the result last", async () => {
    const { id } = await bench.confirmed();

    await drive(bench.driver("one"), id);

    const posts = (await bench.outbox()).filter((line) => line.startsWith("post"));
    expect(posts).toEqual([
      "post root confirmation",
      "post card progress",
      "post read-only read-only-began",
      "post read-only read-only-ended",
      "post result succeeded",
    ]);
    expect((await bench.outbox()).at(-1)).toBe("post result succeeded");
  });

  it("does nothing for a second worker while the first holds the lease", async () => {
    const { id } = await bench.confirmed();
    await bench.store.acquire(id, "first", { ttlMs: 30_000 });

    await drive(bench.driver("second"), id);

    expect(bench.provider.history).toEqual([]);
  });
});

describe("a step that fails", () => {
  it("is repeated while its failure may pass", async () => {
    const { id } = await bench.confirmed();
    let attempts = 0;
    bench.provider.behaviours.set("provision", async () => {
      attempts += 1;
      if (attempts < 3)
        throw new GodwitError({ code: "cut", class: "transient", summary: "Cut.", remedy: "Wait." });
      return {};
    });

    await drive(bench.driver("one"), id);

    expect(attempts).toBe(3);
    expect(await stateOf(id)).toBe("succeeded");
  });

  it.each(["check", "provision", "fence", "copy"])(
    "before the pivot (%s) takes everything back and calls support once",
    async (name) => {
      const { id } = await bench.confirmed();
      bench.provider.behaviours.set(name, async () => Promise.reject(permanentFailure()));

      await drive(bench.driver("one"), id);

      const begun = STEP_NAMES.slice(0, STEP_NAMES.indexOf(name as never) + 1);
      expect(await stateOf(id)).toBe("rolled_back");
      expect(bench.provider.history.slice(begun.length)).toEqual(
        begun.toReversed().map((step) => `undo ${step}`),
      );
      expect((await bench.outbox()).filter((line) => line === "post failure failed")).toHaveLength(1);
      expect(await bench.store.fence(id)).toBeUndefined();
    },
  );

  it("after the pivot takes nothing back, waits for support and keeps the add-on", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("switch", async (context) => {
      await context.passPivot(relocation());
      return {};
    });
    bench.provider.behaviours.set("finish", async () => Promise.reject(permanentFailure()));

    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("needs_support");
    expect(bench.provider.history.filter((line) => line.startsWith("undo"))).toEqual([]);
    expect((await bench.store.liveMigration("addon_orders"))?.id).toBe(id);
  });

  it("after the pivot goes on from the failed step when it is retried", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("switch", async (context) => {
      await context.passPivot(relocation());
      return {};
    });
    bench.provider.behaviours.set("finish", async () => Promise.reject(permanentFailure()));
    await drive(bench.driver("one"), id);
    bench.provider.behaviours.delete("finish");

    await retryMigration(bench.deps, { migrationId: id, by: ALICE }, AbortSignal.timeout(9_000));
    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("succeeded");
    expect(runs().filter((line) => line === "run switch")).toHaveLength(1);
  });

  it("before the pivot starts anew in the same thread when it is retried", async () => {
    const { id, threadKey } = await bench.confirmed();
    bench.provider.behaviours.set("copy", async () => Promise.reject(permanentFailure()));
    await drive(bench.driver("one"), id);
    bench.provider.behaviours.delete("copy");

    const answer = await retryMigration(
      bench.deps,
      { migrationId: id, by: ALICE },
      AbortSignal.timeout(9_000),
    );
    if (answer.kind !== "retrying") throw new Error(JSON.stringify(answer));
    await drive(bench.driver("one"), answer.migration.id);

    expect(answer.migration).toMatchObject({ retryOf: id, threadKey });
    expect(await stateOf(answer.migration.id)).toBe("succeeded");
  });
});

describe("a worker that ends", () => {
  it("by SIGTERM hands the migration back, and the next one goes on with the same step", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", (context) => untilAborted(context.signal));
    const first = bench.driver("first");
    const driving = drive(first, id);
    await until(() => runs().includes("run copy"), { what: "the copy to begin" });

    first.stop();
    await driving;
    bench.provider.behaviours.delete("copy");
    await drive(bench.driver("second"), id);

    expect(await stateOf(id)).toBe("succeeded");
    expect(runs().filter((line) => line === "run fence")).toHaveLength(1);
    expect(runs().filter((line) => line === "run copy")).toHaveLength(2);
  });

  it("loses its lease to the next one and writes nothing more", async () => {
    const { id } = await bench.confirmed();
    let zombie: (() => Promise<void>) | undefined;
    bench.provider.behaviours.set("copy", async (context) => {
      zombie = () => context.passPivot(relocation());
      return untilAborted(context.signal);
    });
    const driving = drive(bench.driver("first"), id);
    await until(() => zombie !== undefined, { what: "the copy to begin" });

    await bench.store.acquire(id, "second", { ttlMs: 30_000, steal: true });
    await driving;

    await expect(zombie?.()).rejects.toThrow(/taken over/);
    expect((await bench.store.migration(id))?.pivotPassed).toBe(false);
  });

  it("leaves a fence that any process lifts after its deadline", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("fence", async (context) => {
      await context.recordFence({ undo: {}, deadline: new Date(Date.now() - 1) });
      return { readOnlyFrom: new Date() };
    });
    bench.provider.behaviours.set("copy", (context) => untilAborted(context.signal));
    const driving = drive(bench.driver("first"), id);
    await until(() => runs().includes("run copy"), { what: "the copy to begin" });

    await liftOverdueFences(bench.driver("watchdog"));
    await driving;

    expect(await stateOf(id)).toBe("rolled_back");
    expect((await bench.store.migration(id))?.failure?.code).toBe("fence-deadline");
    expect(await bench.store.fence(id)).toBeUndefined();
  });
});
