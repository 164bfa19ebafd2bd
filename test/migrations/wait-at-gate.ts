import { judgeGate } from "../../src/core/gate.ts";
import type { StepContext, StepResult } from "../../src/core/step.ts";

const NO_LAG = { behindBytes: 0, behindMs: 0, backlogBytes: 0, isApplying: true };

/** As a provider's gate, with a lag that is always small and retries that come at once. */
export async function waitAtGate(context: StepContext): Promise<StepResult> {
  for (;;) {
    const gate = await context.gate();
    const verdict = judgeGate({ ...gate, retryAt: null }, NO_LAG, context.clock.now());
    if (gate.state !== verdict.state)
      await context.noteGate({ state: verdict.state, reason: verdict.reason });
    if (verdict.opens) return {};
    await context.clock.sleep(5, context.signal);
  }
}
