import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StepContext } from "../../src/core/step.ts";
import { cancelMigration } from "../../src/migrations/cancel-migration.ts";
import { switchNow } from "../../src/migrations/decide-gate.ts";
import { pauseMigration, resumeMigration } from "../../src/migrations/pause-migration.ts";
import { refuseBusy } from "../../src/migrations/refuse-busy.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { until } from "../support/until.ts";
import { LIVE_STEP_NAMES, STEP_NAMES } from "./scripted-provider.ts";
import { relocation, untilAborted } from "./step-behaviours.ts";
import { waitAtGate } from "./wait-at-gate.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
  bench.provider.behaviours.set("gate", waitAtGate);
});

afterEach(() => bench.close());

const stateOf = async (id: string) => (await bench.store.migration(id))?.state;
const pause = (id: string) => pauseMigration(bench.deps, id, ALICE);
const resume = (id: string) => resumeMigration(bench.deps, id, ALICE);
const posts = async (kind: string) => (await bench.outbox()).filter((line) => line === `post note ${kind}`);

/** Pauses while a step is at work, and lets it end. */
function pauseDuring(step: string, id: string): unknown[] {
  const answers: unknown[] = [];
  bench.provider.behaviours.set(step, async () => {
    answers.push(await pause(id));
    return {};
  });
  return answers;
}

describe("a pause", () => {
  it("before the start stands still at once, and a worker leaves it alone", async () => {
    const { id } = await bench.confirmed();

    expect(await pause(id)).toMatchObject({ kind: "paused", isStill: true });
    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("paused");
    expect(bench.provider.history).toEqual([]);
    expect(await posts("paused")).toHaveLength(1);
  });

  it("waits for the present step, says which, and is told once", async () => {
    const { id } = await bench.confirmed();
    const answers = pauseDuring("provision", id);

    await drive(bench.driver("one"), id);

    expect(answers).toMatchObject([{ kind: "paused", isStill: false, after: "provision" }]);
    expect(await stateOf(id)).toBe("paused");
    expect(bench.provider.history).toEqual(["run check", "run provision"]);
    expect(await posts("paused")).toHaveLength(1);
    expect(await bench.store.idleMigrations()).toEqual([]);
  });

  it("keeps the add-on locked", async () => {
    const { id } = await bench.confirmed();
    await pause(id);

    expect(await refuseBusy(bench.deps, { id: "addon_orders", name: "orders" })).toMatchObject({
      code: "migration-running",
      summary: expect.stringContaining(id),
    });
  });

  it("goes on from the next step when it is resumed, and runs none twice", async () => {
    const { id } = await bench.confirmed();
    pauseDuring("provision", id);
    await drive(bench.driver("one"), id);
    bench.provider.behaviours.delete("provision");

    expect((await resume(id)).kind).toBe("resumed");
    expect(bench.rings).toContain(id);
    await drive(bench.driver("two"), id);

    expect(await stateOf(id)).toBe("succeeded");
    expect(bench.provider.history).toEqual(STEP_NAMES.map((name) => `run ${name}`));
    expect(await posts("resumed")).toHaveLength(1);
  });

  it("that is taken back before its step is done never stands still", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("provision", async () => {
      await pause(id);
      await resume(id);
      return {};
    });

    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("succeeded");
  });

  it("is undone to the end by a cancel", async () => {
    const { id } = await bench.confirmed();
    pauseDuring("provision", id);
    await drive(bench.driver("one"), id);

    expect((await cancelMigration(bench.deps, id, ALICE)).kind).toBe("cancelling");
    await drive(bench.driver("two"), id);

    expect(await stateOf(id)).toBe("cancelled");
    expect(bench.provider.history.slice(2)).toEqual(["undo provision", "undo check"]);
    expect(await bench.outbox()).toContain("post result cancelled");
  });

  it("before the start is over at once when it is cancelled", async () => {
    const { id } = await bench.confirmed();
    await pause(id);

    expect((await cancelMigration(bench.deps, id, ALICE)).kind).toBe("cancelled");
    expect(await stateOf(id)).toBe("cancelled");
  });

  it("is said once, however often the button is delivered", async () => {
    const { id } = await bench.confirmed();
    await Promise.all([pause(id), pause(id), pause(id)]);
    await resume(id);

    expect(await resume(id)).toMatchObject({ kind: "refused", refusal: { code: "not-paused" } });
    expect(await posts("paused")).toHaveLength(1);
    expect(await posts("resumed")).toHaveLength(1);
  });
});

describe("a pause is refused", () => {
  it.each(["fence", "copy"])(
    "while the source is or becomes read-only (%s), and nothing waits",
    async (step) => {
      const { id } = await bench.confirmed();
      const answers = pauseDuring(step, id);

      await drive(bench.driver("one"), id);

      expect(answers).toMatchObject([{ kind: "refused", refusal: { code: "cannot-pause" } }]);
      expect(await stateOf(id)).toBe("succeeded");
    },
  );

  it("says that the database would stay closed, and that a cancel opens it", async () => {
    const { id } = await bench.confirmed();
    const answers = pauseDuring("copy", id);
    await drive(bench.driver("one"), id);

    expect(answers).toMatchObject([
      {
        refusal: {
          summary: "orders is read-only, and a pause would keep it closed.",
          remedy: expect.stringContaining("cancel it"),
        },
      },
    ]);
  });

  it("after the pivot, and where there is nothing to pause", async () => {
    const draft = await bench.draft();
    expect(await pause(draft.id)).toMatchObject({ refusal: { code: "stale-button" } });
    await cancelMigration(bench.deps, draft.id, ALICE);
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("switch", async (context: StepContext) => {
      await context.passPivot(relocation());
      return {};
    });
    const answers = pauseDuring("finish", id);

    await drive(bench.driver("one"), id);

    expect(answers).toMatchObject([{ refusal: { code: "past-the-pivot" } }]);
    expect(await resume(id)).toMatchObject({ refusal: { code: "not-paused" } });
  });
});

describe("a pause of a live migration", () => {
  it("stops the copy in its middle, takes it back, and begins it anew", async () => {
    const { id } = await bench.confirmed("live");
    bench.provider.behaviours.set("replicate", (context) => untilAborted(context.signal));
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.includes("run replicate"), { what: "the copy to begin" });

    expect(await pause(id)).toMatchObject({ isStill: false, after: null });
    await driving;
    expect(await stateOf(id)).toBe("paused");
    bench.provider.behaviours.delete("replicate");
    await resume(id);
    await drive(bench.driver("two"), id);

    expect(bench.provider.history.slice(1, 4)).toEqual(["run replicate", "undo replicate", "run replicate"]);
    expect(await stateOf(id)).toBe("succeeded");
  });

  it("at the gate keeps its worker and opens nothing until it is resumed", async () => {
    const { id } = await bench.confirmed("live-held");
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.includes("run gate"), { what: "the gate" });

    expect(await pause(id)).toMatchObject({ isStill: true });
    expect(await switchNow(bench.deps, { migrationId: id, by: ALICE })).toMatchObject({
      refusal: { code: "paused" },
    });
    expect(await stateOf(id)).toBe("running");
    await resume(id);
    await switchNow(bench.deps, { migrationId: id, by: ALICE });
    await driving;

    expect(bench.provider.history).toEqual(LIVE_STEP_NAMES.map((name) => `run ${name}`));
  });

  it("asked for at the last moment closes a gate that has opened", async () => {
    const { id } = await bench.confirmed("live");
    bench.provider.behaviours.set("gate", async (context) => {
      bench.provider.behaviours.set("gate", waitAtGate);
      const result = await waitAtGate(context);
      await pause(id);
      return result;
    });
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.filter((line) => line === "run gate").length === 2, {
      what: "the gate to wait again",
    });
    expect(bench.provider.history).not.toContain("run fence");
    await resume(id);
    await driving;

    expect(await stateOf(id)).toBe("succeeded");
  });

  it("is not left alone before the gate: nobody would watch what the old server keeps for it", async () => {
    const { id } = await bench.confirmed("live");
    bench.provider.behaviours.set("check", async () => {
      bench.provider.behaviours.set("replicate", async () => {
        await bench.store.transaction((tx) => tx.patchMigration(id, { desired: "pause", desiredBy: ALICE }));
        return {};
      });
      return {};
    });
    const driver = bench.driver("one");
    const driving = drive(driver, id);
    await until(() => bench.provider.history.includes("run gate"), { what: "the gate" });
    expect(await stateOf(id)).toBe("running");
    driver.stop();
    await driving;
  });
});
