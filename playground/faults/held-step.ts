import type { StepHook } from "./with-step-faults.ts";

/** A switch that stops one step after its work, as if it took very long. */
export interface HoldSwitch {
  /** Names the step to hold, null for none; what is held now goes on. */
  holdAt(step: string | null): void;
  readonly hook: StepHook;
}

/** @param held told when a step is held */
export function createHoldSwitch(held: (step: string) => void): HoldSwitch {
  let wanted: string | null = null;
  let release = new AbortController();
  return {
    holdAt(step) {
      wanted = step;
      release.abort();
      release = new AbortController();
    },
    async hook(moment, step, { signal }) {
      if (moment !== "after" || step !== wanted) return;
      held(step);
      await aborted(AbortSignal.any([signal, release.signal]));
      if (signal.aborted) throw new Error("the held step was stopped");
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
