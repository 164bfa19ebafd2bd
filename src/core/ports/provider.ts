import type { Addon, AddonSummary } from "../addon.ts";
import type { Loss } from "../loss.ts";
import type { MaintenanceWindow } from "../maintenance.ts";
import type { Migration, MigrationRequest, SourceSnapshot } from "../migration.ts";
import type { RestartedApplication } from "../notification.ts";
import type { Plan } from "../plan.ts";
import type { PreflightReport } from "../preflight.ts";
import type { Quote } from "../quote.ts";
import type { FenceRecord, Step, StepRecord } from "../step.ts";
import type { MigrationOptions, Target } from "../target.ts";

/** What a provider can do; named facts instead of asking for its name. */
export interface ProviderCapabilities {
  readonly zones: boolean;
  /** Whether a running migration can be cancelled before the pivot. */
  readonly cancel: boolean;
  /** Whether the old database can be returned to after success. */
  readonly revert: boolean;
}

/** How a linked application's deployment stands; a problem is a whole sentence. */
export type DeploymentState =
  | { readonly kind: "under-way" }
  | { readonly kind: "deployed" }
  | { readonly kind: "problem"; readonly problem: string };

/** A deployment that a person asked for. */
export interface AskedDeployment {
  readonly applicationId: string;
  /** What `mark` told before it was ordered. */
  readonly mark: Date;
  readonly askedAt: Date;
}

/**
 * Deploying a linked application anew. Nothing but a person's press leads here: hosts restart applications by
 * themselves, and a second deployment would be in the way of the first.
 */
export interface Redeployment {
  /**
   * A moment by the host's clock that tells a deployment to come from those before it; stored before `order`.
   * Throws a `GodwitError` when one is under way already.
   */
  mark(applicationId: string, signal: AbortSignal): Promise<Date>;
  /**
   * Orders a deployment, once. Resolves when it was taken or may have been, which `look` then tells; throws a
   * `GodwitError` only when nothing has begun for sure.
   */
  order(applicationId: string, signal: AbortSignal): Promise<void>;
  look(asked: AskedDeployment, signal: AbortSignal): Promise<DeploymentState>;
}

/** Who hosts add-ons. Owns the ordered steps of a migration. */
export interface Provider {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  listAddons(signal: AbortSignal): Promise<readonly AddonSummary[]>;
  /** The add-on as it is now, read from its server; undefined when this provider has no such add-on. */
  getAddon(addonId: string, signal: AbortSignal): Promise<Addon | undefined>;
  /** What may be chosen; versions and zones are those of `planId`, by default the plan it has. */
  options(addon: Addon, planId: string | undefined, signal: AbortSignal): Promise<MigrationOptions>;
  quote(addon: Addon, plan: Plan, target: Target): Promise<Quote>;
  preflight(addon: Addon, target: Target, signal: AbortSignal): Promise<PreflightReport>;
  /** When an add-on may be touched each week; null or absent where nobody has said. */
  maintenance?(addonId: string): MaintenanceWindow | null;
  /** The steps in order; the same for the same migration in every process. */
  steps(migration: Migration): readonly Step[];
  /** Takes a fence away without the worker that built it. Idempotent. */
  unfence(fence: FenceRecord, signal: AbortSignal): Promise<void>;
  /** What the success message tells: restarted applications and the names of the variables that changed. */
  outcome(migration: Migration): Promise<ProviderOutcome>;
  /** Absent where the host deploys nothing. */
  readonly redeployment?: Redeployment;
  /** Housekeeping between migrations: old databases past their retention. Tells what it did. */
  sweep(now: Date, signal: AbortSignal): Promise<readonly SweepNews[]>;
  /**
   * What a return to the database that a migration has left would be now. Refuses with a `GodwitError` when there is
   * no way back: the old database is gone, or the add-on has moved on. There when `capabilities.revert` is.
   */
  planRevert?(done: Migration, options: RevertOptions): Promise<RevertPlan>;
  /**
   * Whole sentence for each thing that a migration made and that nothing removes when a person ends it before the pivot
   * by hand; read from what its steps have noted.
   */
  leftBehind?(migration: Migration, steps: readonly StepRecord[]): readonly string[];
  /** Checks that the provider's servers or interface can be reached; one line each for `godwit doctor`. */
  diagnose(signal: AbortSignal): Promise<readonly Diagnosis[]>;
  close(): Promise<void>;
}

/** A return as a person is asked to confirm it; `preflight.loss` says what it loses. */
export type RevertPlan = Pick<MigrationRequest, "source" | "target" | "targetPlan" | "quote" | "preflight">;

export interface RevertOptions {
  /** Whether what would be lost is counted, which may take half a minute. */
  readonly isCounted: boolean;
  readonly signal: AbortSignal;
}

export interface ProviderOutcome {
  readonly applications: readonly RestartedApplication[];
  /** Names of variables that have new values. */
  readonly variables: readonly string[];
  /** Names of variables that the add-on no longer has. */
  readonly lostVariables?: readonly string[];
  readonly oldKeptUntil: Date | null;
  /** Whether a person may ask for a return to the old database while it is kept. */
  readonly isRevertible?: boolean;
  /**
   * Null when the old database follows the new one, so that a return loses nothing; else a whole sentence that says why
   * it does not. Absent where nobody would expect it to.
   */
  readonly notFollowing?: string | null;
  /** For a return: what was lost by it. */
  readonly loss?: Loss;
}

/** Something that housekeeping did or will do, told in the thread of the migration it belongs to. */
export type SweepNews =
  | { readonly kind: "retirement-announced"; readonly migrationId: string; readonly dropAt: Date }
  | { readonly kind: "retired"; readonly migrationId: string }
  /** An old database has stopped to follow; `reason` is a whole sentence. */
  | { readonly kind: "following-ended"; readonly migrationId: string; readonly reason: string };

/** One line of `godwit doctor`. */
export interface Diagnosis {
  readonly subject: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do when it is not ok. */
  readonly remedy?: string;
}

/** Takes from an add-on what a migration keeps of it. */
export function snapshotOf(addon: Addon): SourceSnapshot {
  const { id, name, linkedApplications: _, ...facts } = addon;
  return { addonId: id, addonName: name, ...facts };
}
