import type { Gate } from "./gate.ts";
import type { Migration } from "./migration.ts";
import type { Concern } from "./notification.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Proof } from "./proof.ts";

/** A value that survives being stored as JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** How far a step is. Counts are exact; totals may be estimates until `done` reaches them. */
export interface Progress {
  /** What is being done now, such as `copying orders`. */
  readonly label: string;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  readonly doneRows?: number;
  /** What `doneRows` counts, in the singular; absent: `row`. */
  readonly item?: string;
}

/** Where a step stands. `undone` means that its effect was taken back. */
export type StepStatus = "pending" | "running" | "done" | "failed" | "undone";

/**
 * Where a migration may stand still (paused) on account of a step. Before it, unless said otherwise. `stops`: also in
 * its middle, where it is taken back and begun anew when the migration goes on. `waits`: not before it, since it
 * waits by itself while it is told to. `ends`: from its begin on no more, because the source is about to be closed or
 * others go on without Godwit.
 */
export type StepHold = "stops" | "waits" | "ends";

/** A step as people see it: without what its workers note for each other. */
export interface ShownStep {
  readonly name: string;
  readonly title: string;
  readonly sequence: number;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly progress: Progress | null;
  readonly hold?: StepHold | null;
  /** Why the last attempt failed and is being tried again; null while all is well. */
  readonly waitingFor: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** A step as stored. */
export interface StepRecord extends ShownStep {
  readonly checkpoint: JsonObject | null;
  readonly output: JsonObject | null;
  /** How often it has lost its worker: such an attempt is no failure. */
  readonly crashes: number;
  /** Of these, those since it last noted something new. */
  readonly crashStreak: number;
  /** Since when it is being taken back, noted before anything of it is; null while it may run. */
  readonly undoingAt: Date | null;
}

/** A step that has not got on for longer than such steps take. */
export interface StuckStep {
  readonly migrationId: string;
  readonly name: string;
  readonly title: string;
  /** When it last got on. */
  readonly since: Date;
  /** The longest of its last runs in this fleet, in milliseconds; null when there were none. */
  readonly usualMs: number | null;
  /** What it was doing or waiting for when it last said so. */
  readonly waitingFor: string | null;
}

/** Leaves out what is for workers alone. */
export function shownStep(step: StepRecord): ShownStep {
  const { checkpoint: _, output: _o, crashes: _c, crashStreak: _s, undoingAt: _u, ...shown } = step;
  return shown;
}

/** What a finished step tells the runner. */
export interface StepResult {
  /** Kept with the step for later steps and for support; never holds a secret. */
  readonly output?: JsonObject;
  readonly proof?: Proof;
  /** When the source began to refuse writes, or when applications could write again. */
  readonly readOnlyFrom?: Date;
  readonly readOnlyUntil?: Date;
}

/** Everything needed to take a fence away again, stored before the source is touched. */
export interface FenceRecord {
  readonly migrationId: string;
  readonly providerName: string;
  readonly addonId: string;
  /** Engine's own notes: previous settings and grants. Holds no secret. */
  readonly undo: JsonObject;
  /** Past this time every process of Godwit takes the fence away unless the pivot has passed. */
  readonly deadline: Date;
}

/** What a step may use. Everything that it stores is stored under the migration's lease. */
export interface StepContext {
  readonly migration: Migration;
  /** Same over all attempts and workers: `migrationId:step`. */
  readonly idempotencyKey: string;
  readonly attempt: number;
  /** What this step stored when it last ran, in this process or another. */
  readonly checkpoint: JsonObject | null;
  saveCheckpoint(checkpoint: JsonObject): Promise<void>;
  /** Whether another worker takes this step back, or has: what it has made since then nobody else takes away. */
  wasUndone(): Promise<boolean>;
  /** Output of an earlier step of this migration. Throws when that step has not finished. */
  outputOf(step: string): JsonObject;
  report(progress: Progress): void;
  /** Stores the intent to fence; must be called before the source is touched. */
  recordFence(fence: Omit<FenceRecord, "migrationId" | "providerName" | "addonId">): Promise<void>;
  /** The gate as it stands now, whoever changed it last; `isHeld` while the migration is to stand still. */
  gate(): Promise<Gate>;
  /** Notes where the gate stands and tells it on the card; a decision that a person took meanwhile is kept. */
  noteGate(noted: Pick<Gate, "state" | "reason">): Promise<void>;
  /**
   * Asks support to look at a migration that goes on, once for each code, whichever worker asks. Changes nothing of
   * the migration: a deadline of Godwit's own is no failure.
   */
  askSupport(concern: Concern): Promise<void>;
  /** Whether the fence is still wanted, whoever moves the migration on now: false as soon as somebody begins to take it away. */
  fenceStands(): Promise<boolean>;
  /** Notes that this worker builds the fence; must be called before it does. */
  beginBuild(): Promise<void>;
  /** Notes that what this worker has built is wanted, or gone again, whoever moves the migration on now. */
  endBuild(): Promise<void>;
  /**
   * Opens the source again where a worker that was given up has closed it since; for a step that waits while the source
   * is to accept writes, to be called every few seconds.
   */
  openIfAbandoned(): Promise<void>;
  /** Notes that the fence is about to be taken away; must be called before it is. */
  beginLift(): Promise<void>;
  /** Marks the fence as taken away. */
  liftFence(): Promise<void>;
  /** Marks the pivot as passed together with the add-on's new location, in one transaction. */
  passPivot(change: AddonRelocation): Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly clock: Clock;
}

/** A fence that was lifted while somebody was building it who never said how that ended: it may have come late and died. */
export interface AbandonedBuild {
  readonly fence: FenceRecord;
  /** Whether it was lifted so long ago that nobody can wake up any more who builds it. */
  readonly isOver: boolean;
}

/** Where an add-on lives after the switch-over; written in the same transaction as the pivot. */
export interface AddonRelocation {
  readonly addonId: string;
  readonly serverId: string;
  readonly planId: string;
  readonly database: string;
  readonly username: string;
  /** Name under which the store keeps the new password. */
  readonly secretRef: string;
  /** When the old database may be dropped. */
  readonly retireOldAt: Date;
}

/** One piece of a migration's ordered work. Steps observe before they act: each may run again after a crash. */
export interface Step {
  readonly name: string;
  /** How the progress card calls it, such as `Copy the data`. */
  readonly title: string;
  /** True for the step after which there is no automatic way back. */
  readonly pivot: boolean;
  readonly hold?: StepHold;
  readonly timeoutMs: number;
  /** How often the card is written while the step runs, where that is less often than usual. */
  readonly progressMs?: number;
  run(context: StepContext): Promise<StepResult>;
  /** Takes the step's effect back; idempotent, called also when the step only half ran. */
  undo?(context: StepContext): Promise<void>;
}
