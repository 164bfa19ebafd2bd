import { isCarriedOver } from "../../../core/loss.ts";
import type { Migration } from "../../../core/migration.ts";
import type { Step } from "../../../core/step.ts";
import { type Strategy, strategyOf } from "../../../core/target.ts";
import type { Fleet } from "../fleet.ts";
import { createDrainBackStep, createPrepareReturnStep, createVerifyBackStep } from "./carry-over.ts";
import { createCheckStep } from "./check.ts";
import { createCheckReturnStep } from "./check-return.ts";
import { createCopyDataStep } from "./copy-data.ts";
import { COPY_SCHEMA_STEP, createCopySchemaStep } from "./copy-schema.ts";
import { createCountLossStep } from "./count-loss.ts";
import { createDrainStep } from "./drain.ts";
import { createFenceStep } from "./fence.ts";
import { createFinishStep } from "./finish.ts";
import { createGateStep } from "./gate.ts";
import { createProvisionStep } from "./provision.ts";
import { createReplicateStep } from "./replicate.ts";
import { createRestartApplicationsStep } from "./restart-applications.ts";
import { createSwitchBackStep } from "./switch-back.ts";
import { createSwitchOverStep } from "./switch-over.ts";
import { createVerifyStep } from "./verify.ts";
import { withinSwitchLimit } from "./within-switch-limit.ts";

/** The steps of a migration, in order: by its strategy, and by what its engine has. */
export function createSteps(fleet: Fleet): (migration: Migration) => readonly Step[] {
  const all = stepsByStrategy(fleet);
  const back = returnSteps(fleet);
  const followed = followedSteps(fleet);
  return ({ source, target, revertOf, preflight }) => {
    if (revertOf) return isCarriedOver(preflight?.loss) ? followed : back;
    const steps = all[strategyOf(target.strategy)];
    const hasSchema = fleet.engines[source.engine]?.capabilities.hasSchema ?? true;
    return hasSchema ? steps : steps.filter(({ name }) => name !== COPY_SCHEMA_STEP);
  };
}

/** The steps of a return to the database that a migration has left, in order. */
function returnSteps(fleet: Fleet): readonly Step[] {
  return [
    createCheckReturnStep(fleet),
    createFenceStep(fleet, "new"),
    createCountLossStep(fleet),
    createSwitchBackStep(fleet),
    createRestartApplicationsStep(fleet),
    createFinishStep(fleet),
  ];
}

/** The same where the old database follows: nothing is counted, since nothing is lost. */
function followedSteps(fleet: Fleet): readonly Step[] {
  return [
    createCheckReturnStep(fleet),
    createPrepareReturnStep(fleet),
    createFenceStep(fleet, "new"),
    createDrainBackStep(fleet),
    createVerifyBackStep(fleet),
    createSwitchBackStep(fleet),
    createRestartApplicationsStep(fleet),
    createFinishStep(fleet),
  ];
}

function stepsByStrategy(fleet: Fleet): Readonly<Record<Strategy, readonly Step[]>> {
  const before = [createCheckStep(fleet), createProvisionStep(fleet), createCopySchemaStep(fleet)];
  const [fence, verify, switchOver] = [
    createFenceStep(fleet),
    createVerifyStep(fleet),
    createSwitchOverStep(fleet),
  ];
  const after = [createRestartApplicationsStep(fleet), createFinishStep(fleet)];
  const bounded = [fence, createDrainStep(fleet), verify, switchOver].map((step) =>
    withinSwitchLimit(fleet, step),
  );
  return {
    dump: [...before, fence, createCopyDataStep(fleet), verify, switchOver, ...after],
    live: [...before, createReplicateStep(fleet), createGateStep(fleet), ...bounded, ...after],
  };
}
