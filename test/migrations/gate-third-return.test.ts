import { expect, it, onTestFinished } from "vitest";
import { SwitchReturned } from "../../src/core/failure.ts";
import { judgeGate } from "../../src/core/gate.ts";
import type { StepContext, StepResult } from "../../src/core/step.ts";
import { switchNow } from "../../src/migrations/decide-gate.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { until } from "../support/until.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

const NO_LAG = { behindBytes: 0, behindMs: 0, backlogBytes: 0, isApplying: true };

const gateOf = async ({ store }: Workbench, id: string) => (await store.migration(id))?.gate;

/** As a provider's gate, with a lag that is always small and retries that come at once. */
async function waitAtGate(context: StepContext): Promise<StepResult> {
  for (;;) {
    const gate = await context.gate();
    if (judgeGate({ ...gate, retryAt: null }, NO_LAG, context.clock.now()).opens) return {};
    await context.clock.sleep(5, context.signal);
  }
}

it("keeps a decision that is taken during the third return, after which it would wait for a person", async () => {
  const bench = await openWorkbench();
  onTestFinished(() => bench.close());
  const { id } = await bench.confirmed("live");
  let left = 3;
  bench.provider.behaviours.set("gate", waitAtGate);
  bench.provider.behaviours.set("drain", async () => {
    left -= 1;
    if (left < 0) return {};
    throw new SwitchReturned({ code: "switch-too-slow", summary: "It took too long.", remedy: "Try again." });
  });
  bench.provider.behaviours.set("undo fence", async () => {
    if ((await gateOf(bench, id))?.tries === 2) await switchNow(bench.deps, { migrationId: id, by: ALICE });
    return {};
  });
  const driver = bench.driver("one");
  const driving = drive(driver, id);
  await until(
    async () =>
      (await gateOf(bench, id))?.mode === "held" || (await bench.store.migration(id))?.state === "succeeded",
    { what: "the gate to stop, or the end" },
  );
  driver.stop();
  await driving;

  expect(await bench.store.migration(id)).toMatchObject({
    state: "succeeded",
    gate: { tries: 3, decidedBy: ALICE },
  });
});
