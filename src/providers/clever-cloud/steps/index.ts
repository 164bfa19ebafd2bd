import type { Step } from "../../../core/step.ts";
import type { Platform } from "../platform.ts";
import { createCheckStep } from "./check.ts";
import { createFollowStep } from "./follow.ts";
import { createPrepareStep } from "./prepare.ts";
import { createStartStep } from "./start.ts";
import { createVerifyStep } from "./verify.ts";
import { createWatchApplicationsStep } from "./watch-applications.ts";

/** The steps of a migration, in order. The platform moves the data; these order it, follow it and look at its end. */
export function createSteps(platform: Platform): readonly Step[] {
  return [
    createCheckStep(platform),
    createStartStep(platform),
    createPrepareStep(platform),
    createFollowStep(platform),
    createVerifyStep(platform),
    createWatchApplicationsStep(platform),
  ];
}
