import type { Failure } from "../core/failure.ts";
import type { Gate, GateMode, GateState } from "../core/gate.ts";
import type { Actor, PlatformId } from "../core/member.ts";
import type { Migration, MigrationState, Resolution, SourceSnapshot } from "../core/migration.ts";
import type { Plan } from "../core/plan.ts";
import type { Consent, PreflightReport } from "../core/preflight.ts";
import type { Proof } from "../core/proof.ts";
import type { Quote } from "../core/quote.ts";
import type { FenceRecord, JsonObject, Progress, StepHold, StepRecord, StepStatus } from "../core/step.ts";
import type { Target } from "../core/target.ts";
import { type FreezeRow, freezeOf } from "./freezes.ts";
import { type ScheduleRow, scheduleOf } from "./schedules.ts";

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
  consent: ConsentRow | null;
  desired: Migration["desired"];
  desired_by: Actor | null;
  retry_of: string | null;
  revert_of: string | null;
  thread_key: string | null;
  epoch: string | null;
  pivot_passed: boolean;
  gate: GateRow | null;
  freeze: FreezeRow | null;
  schedule: ScheduleRow | null;
  read_only_from: Date | null;
  read_only_until: Date | null;
  failure: Failure | null;
  resolution: Resolution | null;
  proof: Proof | null;
  created_at: Date;
  queued_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

/** A consent as JSON. */
type ConsentRow = Omit<Consent, "at"> & { readonly at: string };

/** Reads a migration with its epoch; `WHERE` and the rest follow. */
export const SELECT_MIGRATION = `SELECT m.*, l.epoch, (SELECT to_jsonb(g) FROM godwit.gates g WHERE g.migration_id = m.id) AS gate,
   (SELECT to_jsonb(f) FROM godwit.freezes f WHERE f.id = m.freeze_id AND f.unfrozen_at IS NULL) AS freeze,
   (SELECT to_jsonb(s) FROM godwit.schedules s WHERE s.migration_id = m.id) AS schedule
   FROM godwit.migrations m LEFT JOIN godwit.leases l ON l.migration_id = m.id`;

/** A row of `gates`, as JSON. */
interface GateRow {
  mode: GateMode;
  switch_at: string | null;
  state: GateState;
  reason: string | null;
  tries: number;
  retry_at: string | null;
  decided_by: Actor | null;
}

function gateOf(row: GateRow | null): Gate | null {
  if (row === null) return null;
  const { mode, switch_at, state, reason, tries, retry_at, decided_by } = row;
  const [switchAt, retryAt] = [dateOf(switch_at), dateOf(retry_at)];
  return { mode, switchAt, state, reason, tries, retryAt, decidedBy: decided_by };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

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
    consent: row.consent && { ...row.consent, at: new Date(row.consent.at) },
    desired: row.desired,
    desiredBy: row.desired_by,
    retryOf: row.retry_of,
    revertOf: row.revert_of,
    threadKey: row.thread_key,
    epoch: Number(row.epoch ?? 0),
    pivotPassed: row.pivot_passed,
    gate: gateOf(row.gate),
    freeze: row.freeze && freezeOf(row.freeze),
    schedule: row.schedule && scheduleOf(row.schedule),
    readOnlyFrom: row.read_only_from,
    readOnlyUntil: row.read_only_until,
    failure: row.failure,
    resolution: row.resolution,
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
  hold: StepHold | null;
  attempt: number;
  checkpoint: JsonObject | null;
  output: JsonObject | null;
  crashes: number;
  crash_streak: number;
  progress: Progress | null;
  waiting_for: string | null;
  started_at: Date | null;
  finished_at: Date | null;
  undoing_at: Date | null;
}

export function stepOf(row: StepRow): StepRecord {
  const { waiting_for, started_at, finished_at, undoing_at, crash_streak, ...same } = row;
  const [startedAt, finishedAt, undoingAt] = [started_at, finished_at, undoing_at];
  return { ...same, crashStreak: crash_streak, waitingFor: waiting_for, startedAt, finishedAt, undoingAt };
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
