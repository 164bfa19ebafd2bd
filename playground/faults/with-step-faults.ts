import type { Provider } from "../../src/core/ports/provider.ts";
import type { Step, StepContext } from "../../src/core/step.ts";

/** Called around each step of each migration; what it throws is the step's failure. */
export type StepHook = (moment: "before" | "after", step: string, context: StepContext) => Promise<void>;

/** A provider whose steps do their real work with a hook around it: for demonstrations and tests. */
export function withStepFaults(provider: Provider, hook: StepHook): Provider {
  return { ...provider, steps: (migration) => provider.steps(migration).map((step) => around(step, hook)) };
}

function around(step: Step, hook: StepHook): Step {
  return {
    ...step,
    async run(context) {
      await hook("before", step.name, context);
      const result = await step.run(context);
      await hook("after", step.name, context);
      return result;
    },
  };
}
