import { GodwitError } from "../../src/core/failure.ts";
import type { StepHook } from "./with-step-faults.ts";

/** A switch that makes one step fail after it has done its work, which is the hardest moment to undo. */
export interface FailureSwitch {
  /** Name of the step that is to fail; null when all is to go well. */
  failAt: string | null;
  readonly hook: StepHook;
}

export function createFailureSwitch(): FailureSwitch {
  const failureSwitch: FailureSwitch = {
    failAt: null,
    hook: async (moment, step) => {
      if (moment === "after" && step === failureSwitch.failAt) throw forced(step);
    },
  };
  return failureSwitch;
}

function forced(step: string): GodwitError {
  return new GodwitError({
    code: "forced-failure",
    summary: `The step “${step}” was made to fail.`,
    remedy: "Let the step succeed again, then press the button that tries again.",
  });
}
