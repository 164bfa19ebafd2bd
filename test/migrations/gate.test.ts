import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SwitchReturned } from "../../src/core/failure.ts";
import type { StepContext } from "../../src/core/step.ts";
import { cancelMigration } from "../../src/migrations/cancel-migration.ts";
import { disarmGate, switchNow } from "../../src/migrations/decide-gate.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { liftOverdueFences } from "../../src/migrations/runner/sweep.ts";
import { until } from "../support/until.ts";
import { LIVE_STEP_NAMES } from "./scripted-provider.ts";
import { relocation } from "./step-behaviours.ts";
import { waitAtGate } from "./wait-at-gate.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
  bench.provider.behaviours.set("gate", waitAtGate);
});

afterEach(() => bench.close());

const migration = async (id: string) => await bench.store.migration(id);
const gateOf = async (id: string) => (await migration(id))?.gate;
const tooSlow = () =>
  new SwitchReturned({ code: "switch-too-slow", summary: "It took too long.", remedy: "Try again." });

/** Makes a step fail so many times, then do nothing. */
function failTimes(step: string, times: number, before?: (context: StepContext) => Promise<void>): void {
  let left = times;
  bench.provider.behaviours.set(step, async (context) => {
    if (left === 0) return {};
    left -= 1;
    await before?.(context);
    throw tooSlow();
  });
}

describe("a switch that does not come through", () => {
  it("goes back to the gate, opens writes, says so, and succeeds at the next try", async () => {
    const { id } = await bench.confirmed("live");
    failTimes("drain", 1);

    await drive(bench.driver("one"), id);

    expect(await migration(id)).toMatchObject({ state: "succeeded", gate: { tries: 1 }, failure: null });
    expect(bench.provider.history.slice(3)).toEqual(
      "run fence,run drain,undo drain,undo fence,run gate,run fence,run drain,run switch,run finish".split(
        ",",
      ),
    );
    const told = (await bench.outbox()).filter((line) => line.startsWith("post"));
    expect(told.slice(2, 6)).toEqual([
      "post read-only read-only-began",
      "post read-only read-only-ended",
      "post note switch-returned",
      "post read-only read-only-began",
    ]);
  });

  it("keeps its copy: nothing before the gate is taken back, and support is not called", async () => {
    const { id } = await bench.confirmed("live");
    failTimes("drain", 2);

    await drive(bench.driver("one"), id);

    expect(bench.provider.history.filter((line) => line === "run replicate")).toHaveLength(1);
    expect(bench.provider.history).not.toContain("undo replicate");
    expect(await bench.outbox()).not.toContain("post failure failed");
  });

  it("stops at the gate after the third time, until a person lets it go", async () => {
    const { id } = await bench.confirmed("live");
    failTimes("drain", 3);

    const driving = drive(bench.driver("one"), id);
    await until(async () => (await gateOf(id))?.mode === "held", { what: "the gate to stop" });
    expect(await gateOf(id)).toMatchObject({ state: "stopped", tries: 3, reason: "It took too long." });
    expect((await switchNow(bench.deps, { migrationId: id, by: ALICE })).kind).toBe("armed");
    await driving;

    expect(await migration(id)).toMatchObject({ state: "succeeded", gate: { decidedBy: ALICE } });
  });

  it("is taken back to the end by the next worker when the first dies in the middle", async () => {
    const { id } = await bench.confirmed("live");
    failTimes("drain", 1);
    const first = bench.driver("first");
    bench.provider.behaviours.set("undo fence", async () => {
      bench.provider.behaviours.delete("undo fence");
      first.stop();
      throw new Error("killed");
    });

    await drive(first, id);
    expect(await migration(id)).toMatchObject({ state: "running", gate: { state: "returning" } });
    expect(await bench.store.fence(id)).toBeDefined();
    await drive(bench.driver("second"), id);

    const { history } = bench.provider;
    expect(history.slice(5, 9)).toEqual(["undo drain", "undo fence", "undo fence", "run gate"]);
    expect(await migration(id)).toMatchObject({ state: "succeeded", gate: { tries: 1 } });
  });

  it("returns also when its worker is gone and the fence is overdue", async () => {
    const { id } = await bench.confirmed("live");
    const first = bench.driver("first");
    bench.provider.behaviours.set("fence", async (context) => {
      await context.recordFence({ undo: {}, deadline: new Date(Date.now() - 1_000) });
      first.stop();
      throw new Error("killed");
    });
    await drive(first, id);
    bench.provider.behaviours.delete("fence");

    await liftOverdueFences(bench.driver("watchdog"));

    expect(await migration(id)).toMatchObject({ state: "succeeded", gate: { tries: 1 } });
    expect(bench.provider.history).not.toContain("undo replicate");
  });

  it("goes on when only the answer to the pivot was lost", async () => {
    const { id } = await bench.confirmed("live");
    failTimes("switch", 1, (context) => context.passPivot(relocation()));

    await drive(bench.driver("one"), id);

    expect(await migration(id)).toMatchObject({ state: "succeeded", pivotPassed: true, gate: null });
    expect(bench.provider.history.filter((line) => line.startsWith("undo"))).toEqual([]);
  });
});

describe("a person at the gate", () => {
  it("takes everything back by cancelling", async () => {
    const { id } = await bench.confirmed("live-held");
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.includes("run gate"), { what: "the gate" });

    await cancelMigration(bench.deps, id, ALICE);
    await driving;

    expect((await migration(id))?.state).toBe("cancelled");
    expect(bench.provider.history.slice(-3)).toEqual(["undo gate", "undo replicate", "undo check"]);
  });

  it("holds a switch that would come by itself, and sets it to a time", async () => {
    const { id } = await bench.confirmed("live");
    expect((await disarmGate(bench.deps, { migrationId: id, by: ALICE })).kind).toBe("disarmed");
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.includes("run gate"), { what: "the gate" });

    const at = new Date(Date.now() + 300);
    await switchNow(bench.deps, { migrationId: id, by: ALICE, at });
    expect(await gateOf(id)).toMatchObject({ mode: "at", switchAt: at, state: "armed" });
    await driving;

    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
    expect((await migration(id))?.state).toBe("succeeded");
  });

  it("says it once, however often the button is delivered", async () => {
    const { id } = await bench.confirmed("live-held");
    await switchNow(bench.deps, { migrationId: id, by: ALICE });
    await switchNow(bench.deps, { migrationId: id, by: ALICE });
    expect((await bench.outbox()).filter((line) => line === "post note gate-decided")).toHaveLength(1);
  });

  it("says it once when two press at once", async () => {
    const { id } = await bench.confirmed("live-held");
    const people = Array.from({ length: 6 }, (_, index) => ({ ...ALICE, id: `U${index}` }));
    await Promise.all(people.map((by) => switchNow(bench.deps, { migrationId: id, by })));
    expect((await bench.outbox()).filter((line) => line === "post note gate-decided")).toHaveLength(1);
  });

  it("is heard at the last moment: a gate that has opened waits again", async () => {
    const { id } = await bench.confirmed("live");
    bench.provider.behaviours.set("gate", async (context) => {
      bench.provider.behaviours.set("gate", waitAtGate);
      const result = await waitAtGate(context);
      expect((await disarmGate(bench.deps, { migrationId: id, by: ALICE })).kind).toBe("disarmed");
      return result;
    });
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.filter((line) => line === "run gate").length === 2, {
      what: "the gate to wait again",
    });
    await switchNow(bench.deps, { migrationId: id, by: ALICE });
    await driving;
    expect(bench.provider.history.filter((line) => line === "run fence")).toHaveLength(1);
    expect((await migration(id))?.state).toBe("succeeded");
  });

  it("is told that it is too late once the gate is behind", async () => {
    const { id } = await bench.confirmed("live");
    const answers: unknown[] = [];
    bench.provider.behaviours.set("fence", async () => {
      answers.push(await disarmGate(bench.deps, { migrationId: id, by: ALICE }));
      return {};
    });
    await drive(bench.driver("one"), id);
    expect(answers).toMatchObject([{ kind: "refused", refusal: { code: "past-the-gate" } }]);
    expect(await bench.outbox()).not.toContain("post note gate-decided");
  });

  it("keeps what a return is in the middle of, and the decision counts from then on", async () => {
    const { id } = await bench.confirmed("live");
    failTimes("drain", 1);
    const seen: unknown[] = [];
    bench.provider.behaviours.set("undo fence", async () => {
      await disarmGate(bench.deps, { migrationId: id, by: ALICE });
      seen.push(await gateOf(id));
      return {};
    });

    const driving = drive(bench.driver("one"), id);
    await until(async () => (await gateOf(id))?.state === "stopped", { what: "the gate to stop" });
    expect(seen).toMatchObject([{ mode: "held", state: "returning", reason: "It took too long." }]);
    expect(await gateOf(id)).toMatchObject({ mode: "held", tries: 1, reason: "It took too long." });
    await switchNow(bench.deps, { migrationId: id, by: ALICE });
    await driving;
  });

  it("is refused where there is no gate, and where it is behind", async () => {
    const dump = await bench.confirmed();
    const answer = await switchNow(bench.deps, { migrationId: dump.id, by: ALICE });
    expect(answer).toMatchObject({ kind: "refused", refusal: { code: "no-gate" } });
    await cancelMigration(bench.deps, dump.id, ALICE);
    const { id } = await bench.confirmed("live");
    await drive(bench.driver("one"), id);
    const late = await disarmGate(bench.deps, { migrationId: id, by: ALICE });
    expect(late).toMatchObject({ kind: "refused", refusal: { code: "stale-button" } });
    expect(bench.provider.history).toEqual(LIVE_STEP_NAMES.map((name) => `run ${name}`));
  });
});
