import type { Step } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { createCheckStep } from "./check.ts";
import { createCopyDataStep } from "./copy-data.ts";
import { createCopySchemaStep } from "./copy-schema.ts";
import { createFenceStep } from "./fence.ts";
import { createFinishStep } from "./finish.ts";
import { createProvisionStep } from "./provision.ts";
import { createRestartApplicationsStep } from "./restart-applications.ts";
import { createSwitchOverStep } from "./switch-over.ts";
import { createVerifyStep } from "./verify.ts";

/** The steps of a migration by `dump`, in order. */
export function createSteps(fleet: Fleet): readonly Step[] {
  return [
    createCheckStep(fleet),
    createProvisionStep(fleet),
    createCopySchemaStep(fleet),
    createFenceStep(fleet),
    createCopyDataStep(fleet),
    createVerifyStep(fleet),
    createSwitchOverStep(fleet),
    createRestartApplicationsStep(fleet),
    createFinishStep(fleet),
  ];
}
