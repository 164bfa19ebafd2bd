import { formatDuration } from "../../../core/format.ts";
import type { Concern } from "../../../core/notification.ts";
import type { StepContext } from "../../../core/step.ts";
import type { PlatformMigration } from "../api/schemas.ts";
import { HandOff, TICKET_CENTRE } from "../hand-off.ts";
import { currentStep, stepWords } from "../phases.ts";
import type { Platform } from "../platform.ts";
import { before } from "./subject.ts";

const LEAST_MS = 30 * 60_000;
/** So many times what it took at most: data grows, and machines differ. */
const FAR_LONGER = 3;

/** Makes what asks support, once, to look at a migration that takes far too long. What cannot be told is told later. */
export function createOverdueWatch(
  platform: Platform,
  context: StepContext,
): (run: PlatformMigration, elapsedMs: number) => Promise<void> {
  const afterMs = overdueAfterMs(platform, before(context).longestMs);
  let isAsked = false;
  return async (run, elapsedMs) => {
    if (isAsked || elapsedMs < afterMs) return;
    try {
      await context.askSupport(overdueConcern(platform, context, { run, elapsedMs }));
      isAsked = true;
    } catch (error) {
      context.signal.throwIfAborted();
      context.log.warn({ err: error }, "support could not be asked to look");
    }
  };
}

/** After how long support is asked to look: far longer than this add-on's last migrations took, where there are any. */
function overdueAfterMs({ config }: Pick<Platform, "config">, longestMs: number | null): number {
  if (longestMs === null) return config.deadlineMs;
  return Math.max(FAR_LONGER * longestMs, config.leastDeadlineMs ?? LEAST_MS);
}

/** Why support is asked to look at a migration that the platform says it is still at work on. */
function overdueConcern(
  { config }: Pick<Platform, "config">,
  context: StepContext,
  { run, elapsedMs }: { readonly run: PlatformMigration; readonly elapsedMs: number },
): Concern {
  const { migration } = context;
  const { realId, longestMs } = before(context);
  const step = currentStep(run);
  const where = step === undefined ? "" : ` It is at ${stepWords(step.value)}.`;
  return {
    code: "clever-cloud-overdue",
    summary: `Clever Cloud has been migrating ${migration.source.addonName} for ${formatDuration(elapsedMs)}.${where} ${usually(longestMs)}`,
    remedy: `Open a ticket with the add-on ID and ${run.migrationId}, and ask whether it is stuck: ${TICKET_CENTRE}`,
    detail: new HandOff({ migration, owner: config.owner, realId, run }).message,
  };
}

function usually(longestMs: number | null): string {
  if (longestMs === null)
    return "Clever Cloud has not migrated this database before, so nobody knows how long it takes.";
  return `The longest of its last migrations took ${formatDuration(longestMs)}.`;
}
