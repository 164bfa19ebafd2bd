import type { Failure } from "../core/failure.ts";
import type { Actor, PlatformId } from "../core/member.ts";
import type { Migration, MigrationState, SourceSnapshot } from "../core/migration.ts";
import type { Plan } from "../core/plan.ts";
import type { PreflightReport } from "../core/preflight.ts";
import type { Proof } from "../core/proof.ts";
import type { Quote } from "../core/quote.ts";
import type { FenceRecord, JsonObject, Progress, StepRecord, StepStatus } from "../core/step.ts";
import type { Target } from "../core/target.ts";

/** A row of `migrations` joined with its lease's epoch. */
export interface MigrationRow {
  id: string;
  state: MigrationState;
  source: SourceSnapshot;
  target: Target;
  target_plan: Plan;
  quote: Quote;
  preflight: PreflightReport;
  plan_hash: string;
  platform: PlatformId;
  requested_by: Actor;
  confirmed_by: Actor | null;
  desired: "run" | "cancel";
  desired_by: Actor | null;
  retry_of: string | null;
  thread_key: string | null;
  epoch: string | null;
  pivot_passed: boolean;
  read_only_from: Date | null;
  read_only_until: Date | null;
  failure: Failure | null;
  proof: Proof | null;
  created_at: Date;
  queued_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

/** Reads a migration with its epoch; `WHERE` and the rest follow. */
export const SELECT_MIGRATION =
  "SELECT m.*, l.epoch FROM godwit.migrations m LEFT JOIN godwit.leases l ON l.migration_id = m.id";

export function migrationOf(row: MigrationRow): Migration {
  return {
    id: row.id,
    state: row.state,
    source: row.source,
    target: row.target,
    targetPlan: row.target_plan,
    quote: row.quote,
    preflight: row.preflight,
    planHash: row.plan_hash,
    platform: row.platform,
    requestedBy: row.requested_by,
    confirmedBy: row.confirmed_by,
    desired: row.desired,
    desiredBy: row.desired_by,
    retryOf: row.retry_of,
    threadKey: row.thread_key,
    epoch: Number(row.epoch ?? 0),
    pivotPassed: row.pivot_passed,
    readOnlyFrom: row.read_only_from,
    readOnlyUntil: row.read_only_until,
    failure: row.failure,
    proof: row.proof,
    createdAt: row.created_at,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

/** A row of `steps`. */
export interface StepRow {
  name: string;
  title: string;
  sequence: number;
  status: StepStatus;
  attempt: number;
  checkpoint: JsonObject | null;
  output: JsonObject | null;
  progress: Progress | null;
  waiting_for: string | null;
  started_at: Date | null;
  finished_at: Date | null;
}

export function stepOf(row: StepRow): StepRecord {
  const { waiting_for, started_at, finished_at, ...same } = row;
  return { ...same, waitingFor: waiting_for, startedAt: started_at, finishedAt: finished_at };
}

/** A row of `fences`. */
export interface FenceRow {
  migration_id: string;
  provider_name: string;
  addon_id: string;
  undo: JsonObject;
  deadline: Date;
}

export function fenceOf(row: FenceRow): FenceRecord {
  return {
    migrationId: row.migration_id,
    providerName: row.provider_name,
    addonId: row.addon_id,
    undo: row.undo,
    deadline: row.deadline,
  };
}
