import { formatDuration } from "../../core/format.ts";
import type { PlatformMigration, PlatformStep } from "./api/schemas.ts";

/** What the platform's 29 steps are to people (grouped by their names; the platform documents none of them). */
export const PHASES = [
  {
    title: "checks",
    steps: [
      "RETRIEVE_ADDON",
      "RETRIEVE_ADDON_DEPLOYMENT",
      "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON",
      "RETRIEVE_SOURCE_CLUSTER",
      "RETRIEVE_TARGET_CLUSTER",
      "RETRIEVE_SOURCE_INSTANCE",
      "RETRIEVE_LOGSCOLLECTOR",
    ],
  },
  {
    title: "new instance",
    steps: [
      "RETRIEVE_NEXT_AVAILABLE_PORT",
      "LOCK_PORT",
      "CREATE_ADDON_ON_TARGET_CLUSTER",
      "ASK_MIGRATION_INSTANCE_BOOT",
      "QUEUE_MIGRATION_INSTANCE_BOOT",
      "DEPLOY_MIGRATION_INSTANCE",
      "RETRIEVE_MIGRATION_INSTANCE",
    ],
  },
  { title: "read-only", steps: ["REMOVE_EDIT_RIGHT", "MANAGE_ACTIVE_EXTENSIONS", "PREPARE_MIGRATION"] },
  { title: "copy", steps: ["DUMP_AND_RESTORE"] },
  {
    title: "switch",
    steps: [
      "UPDATE_REVERSE_PROXIES",
      "UPDATE_DNS",
      "UPDATE_MONITORING",
      "UPDATE_ADDON",
      "CHANGE_ADDON_QUOTA",
      "ENABLE_EDIT_RIGHT",
    ],
  },
  { title: "clean-up", steps: ["STOP_SOURCE_INSTANCE", "REMOVE_ADDON_FROM_SOURCE_CLUSTER", "UNLOCK_PORT"] },
] as const;

/** The phase from which on writes are refused. */
const READ_ONLY_PHASE = 3;

/** The statuses after which nothing follows. */
const OVER: ReadonlySet<string> = new Set(["OK", "FAILED", "ABORTED", "RECOVERED"]);

/** Whether the platform has ended a migration, one way or another. */
export function isOver({ status }: PlatformMigration): boolean {
  return OVER.has(status);
}

/** Whether the platform has begun to take a migration back. */
export function isRecovering({ status }: PlatformMigration): boolean {
  return status === "RECOVERING";
}

/** Whether writes are or were refused; what a rollback does is no sign of it. */
export function hasBeenReadOnly(migration: PlatformMigration): boolean {
  if (findStep(migration, "REMOVE_EDIT_RIGHT") !== undefined) return true;
  return migration.status === "RUNNING" && furthestPhase(migration) >= READ_ONLY_PHASE;
}

/** Whether a migration ended before anything but looking was done. */
export function onlyLooked(migration: PlatformMigration): boolean {
  return stepsOf(migration).every(({ value }) => phaseOf(value) === 1);
}

/** Since when writes are refused, and since when they are open again; null while that is not so. */
export function readOnlyTimes(migration: PlatformMigration): {
  readonly from: Date | null;
  readonly until: Date | null;
} {
  const from = findStep(migration, "REMOVE_EDIT_RIGHT")?.startDate ?? null;
  if (from === null || migration.status !== "OK") return { from, until: null };
  const enabled = findStep(migration, "ENABLE_EDIT_RIGHT")?.endDate;
  return { from, until: enabled ?? findStep(migration, "UPDATE_ADDON")?.endDate ?? endOf(migration) };
}

/** The end of the last step; null while there is none. */
export function endOf(migration: PlatformMigration): Date | null {
  const ends = stepsOf(migration).flatMap(({ endDate }) => endDate ?? []);
  return ends.length === 0 ? null : new Date(Math.max(...ends.map((end) => end.getTime())));
}

/** A step by its name. */
export function findStep(migration: PlatformMigration, value: string): PlatformStep | undefined {
  return stepsOf(migration).findLast((step) => step.value === value);
}

/** The step at which a migration failed: the one that says so, else the aborted one, else the last that is not well. */
export function culpritOf(migration: PlatformMigration): PlatformStep | undefined {
  const steps = stepsOf(migration);
  return (
    steps.find(({ status }) => status === "FAILED") ??
    steps.find(({ status }) => status === "ABORTED") ??
    steps.findLast(({ status }) => status !== "OK")
  );
}

/** The step that a migration is at; undefined before its first. */
export function currentStep(migration: PlatformMigration): PlatformStep | undefined {
  const steps = stepsOf(migration);
  return steps.findLast(({ status }) => status === "RUNNING") ?? steps.at(-1);
}

/** A step in words: `DUMP_AND_RESTORE (copy)`; one that Godwit does not know as it is. */
export function stepWords(value: string): string {
  const phase = PHASES[phaseOf(value) - 1];
  return phase === undefined ? value : `${value} (${phase.title})`;
}

/**
 * What a migration does now, without any share of the whole, which the platform does not announce:
 * `phase 4 of 6, copy: DUMP_AND_RESTORE for 12 s`.
 */
export function progressWords(migration: PlatformMigration, now: Date): string {
  const step = currentStep(migration);
  if (isRecovering(migration)) return recoveryWords(migration);
  if (step === undefined) return "Clever Cloud has taken the order and has not begun yet";
  const { startDate } = step;
  const since = startDate ? ` for ${formatDuration(now.getTime() - startDate.getTime())}` : "";
  const phase = PHASES[furthestPhase(migration) - 1];
  const known = phaseOf(step.value) > 0;
  const what = `${step.value}${known ? "" : ", which Godwit does not know,"}${since}`;
  return phase === undefined
    ? what
    : `phase ${PHASES.indexOf(phase) + 1} of ${PHASES.length}, ${phase.title}: ${what}`;
}

function recoveryWords(migration: PlatformMigration): string {
  const culprit = culpritOf(migration);
  const failed = culprit === undefined ? "" : `${culprit.value} failed, and `;
  return `${failed}Clever Cloud is returning to the old database`;
}

/** 1 to 6; 0 for a step that Godwit does not know. */
function phaseOf(value: string): number {
  return PHASES.findIndex(({ steps }) => steps.some((step) => step === value)) + 1;
}

/** Phases never go back, except for the rollback, which is told in words of its own. */
function furthestPhase(migration: PlatformMigration): number {
  return Math.max(0, ...stepsOf(migration).map(({ value }) => phaseOf(value)));
}

function stepsOf({ steps }: PlatformMigration): readonly PlatformStep[] {
  return steps ?? [];
}
