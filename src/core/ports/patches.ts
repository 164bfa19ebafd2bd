import type { Migration } from "../migration.ts";
import type { JsonObject, Progress, StepStatus } from "../step.ts";

/** Fields of a migration that may change after it was asked for. */
export type MigrationPatch = Partial<
  Pick<
    Migration,
    | "desired"
    | "desiredBy"
    | "confirmedBy"
    | "consent"
    | "source"
    | "targetPlan"
    | "preflight"
    | "planHash"
    | "quote"
    | "readOnlyFrom"
    | "readOnlyUntil"
    | "failure"
    | "resolution"
    | "proof"
    | "queuedAt"
    | "startedAt"
    | "finishedAt"
    | "threadKey"
  >
>;

/** What may change of a step. */
export interface StepPatch {
  readonly status?: StepStatus;
  readonly attempt?: number;
  readonly checkpoint?: JsonObject | null;
  readonly output?: JsonObject | null;
  readonly crashes?: number;
  readonly crashStreak?: number;
  readonly progress?: Progress | null;
  readonly waitingFor?: string | null;
  /** When it last got on; told to be stuck again only after another silence from here. */
  readonly progressedAt?: Date | null;
  readonly startedAt?: Date | null;
  readonly finishedAt?: Date | null;
  readonly undoingAt?: Date | null;
}
