import type { Step } from "../../../core/step.ts";
import type { PlatformMigration } from "../api/schemas.ts";
import { hasBeenReadOnly, isOver, readOnlyTimes } from "../phases.ts";
import type { Platform } from "../platform.ts";
import { endedBadly } from "./ended-badly.ts";
import { followRun } from "./follow-run.ts";
import { startedId } from "./subject.ts";
import { takeBackStarted } from "./take-back.ts";

const DAY_MS = 86_400_000;
const TIMEOUT_DAYS = 20;
const CARD_MS = 5_000;

/** Follows the migration while the old database takes writes: until then the platform lets people cancel. */
export function createPrepareStep(platform: Platform): Step {
  return {
    name: "prepare",
    title: "Make the new instance",
    pivot: false,
    timeoutMs: TIMEOUT_DAYS * DAY_MS,
    progressMs: CARD_MS,
    async run(context) {
      const until = (run: PlatformMigration) => isOver(run) || hasBeenReadOnly(run);
      const run = await followRun(platform, context, { migrationId: startedId(context), until });
      const hasEnded = isOver(run) && run.status !== "OK";
      // A run that got further is judged by the next step, so that its read-only time is told.
      if (hasEnded && !hasBeenReadOnly(run)) throw await endedBadly(platform, context, run);
      const { from } = readOnlyTimes(run);
      return from === null ? {} : { readOnlyFrom: from };
    },
    // Not left to the order's own undo: as soon as the first step is undone, writes are told to be open again.
    undo: (context) => takeBackStarted(platform, context),
  };
}
