import type { AddonRelocation, Step, StepContext, StepResult } from "../../../core/step.ts";
import type { PlatformMigration } from "../api/schemas.ts";
import { findStep, isOver, readOnlyTimes } from "../phases.ts";
import type { Platform } from "../platform.ts";
import { endedBadly } from "./ended-badly.ts";
import { followRun } from "./follow-run.ts";
import { before, startedId } from "./subject.ts";

const DAY_MS = 86_400_000;
const TIMEOUT_DAYS = 20;
const CARD_MS = 5_000;

/** Follows the migration from the first refused write to its end. The platform decides which way it goes. */
export function createFollowStep(platform: Platform): Step {
  return {
    name: "follow",
    title: "Copy and switch",
    pivot: true,
    timeoutMs: TIMEOUT_DAYS * DAY_MS,
    progressMs: CARD_MS,
    async run(context) {
      const run = await followRun(platform, context, { migrationId: startedId(context), until: isOver });
      if (run.status !== "OK") throw await endedBadly(platform, context, run);
      await context.passPivot(relocation(context));
      return resultOf(run, context);
    },
  };
}

function resultOf(run: PlatformMigration, { migration }: StepContext): StepResult {
  const { from, until } = readOnlyTimes(run);
  const restartsAfter = findStep(run, "UPDATE_ADDON")?.startDate ?? from ?? run.requestDate;
  const output = { status: run.status, restartsAfter: restartsAfter.toISOString() };
  if (from === null || until === null) return { output };
  return { output, readOnlyUntil: until, ...(migration.readOnlyFrom === null && { readOnlyFrom: from }) };
}

/** The store keeps a place only for add-ons of a fleet of its own; this one's is kept by the platform. */
function relocation(context: StepContext): AddonRelocation {
  const { source, target } = context.migration;
  return {
    addonId: source.addonId,
    planId: target.planId,
    serverId: target.zone,
    database: before(context).realId,
    username: "",
    secretRef: "",
    retireOldAt: context.clock.now(),
  };
}
