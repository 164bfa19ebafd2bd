import type { Failure } from "./failure.ts";
import type { Freeze } from "./freeze.ts";
import type { Gate } from "./gate.ts";
import type { Actor, PlatformId } from "./member.ts";
import type { Plan } from "./plan.ts";
import type { Consent, PreflightReport } from "./preflight.ts";
import type { Proof } from "./proof.ts";
import type { Quote } from "./quote.ts";
import type { Schedule } from "./schedule.ts";
import type { Target } from "./target.ts";

/** Every state a migration can be in; `transitions.ts` says which may follow which. */
export type MigrationState =
  | "awaiting_confirmation"
  | "scheduled"
  | "queued"
  | "running"
  | "paused"
  | "rolling_back"
  | "succeeded"
  | "rolled_back"
  | "needs_support"
  | "cancelled"
  | "expired"
  | "rejected";

/** The add-on as it was when the migration was asked for. */
export interface SourceSnapshot {
  readonly addonId: string;
  readonly addonName: string;
  readonly providerName: string;
  readonly engine: string;
  readonly engineName: string;
  readonly version: string;
  readonly fullVersion: string;
  readonly plan: Plan;
  readonly zone: string;
  readonly usedBytes: number;
}

/** How a person has put a stopped migration in order by hand. */
export interface Resolution {
  readonly by: Actor;
  /** In the person's own words, at most 500 characters; hostile until escaped. */
  readonly reason: string;
}

/** What a migration is asked to do, as the person saw it. */
export interface MigrationRequest {
  readonly source: SourceSnapshot;
  readonly target: Target;
  readonly targetPlan: Plan;
  readonly quote: Quote;
  readonly preflight: PreflightReport;
  /** When it starts; null or absent: as soon as it is confirmed. */
  readonly schedule?: Schedule | null;
  /** Hash over all of the above that a person confirms by; see `migrations/plan-hash.ts`. */
  readonly planHash: string;
  readonly requestedBy: Actor;
  readonly platform: PlatformId;
}

/** Moving one add-on to a plan, a version and a zone. */
export interface Migration extends MigrationRequest {
  /** `mig_` and 16 characters; safe in queue jobs, chat and file names. */
  readonly id: string;
  readonly state: MigrationState;
  /** What people want of it now; a running worker looks at it between and during steps. */
  readonly desired: "run" | "pause" | "cancel";
  readonly desiredBy: Actor | null;
  readonly confirmedBy: Actor | null;
  /** The last consent that was given, also when the plan has changed since; null or absent before any. */
  readonly consent?: Consent | null;
  /** The failed migration that this one tries again. */
  readonly retryOf: string | null;
  /** The migration that this one takes back after its success; null or absent for all others. */
  readonly revertOf?: string | null;
  readonly threadKey: string | null;
  readonly epoch: number;
  /** After the pivot there is no automatic way back. */
  readonly pivotPassed: boolean;
  /** The hold before the switch; null or absent for migrations without one, and before they come to it. */
  readonly gate?: Gate | null;
  /** The freeze that it was told to stand still for, while that stands; null or absent otherwise. */
  readonly freeze?: Freeze | null;
  readonly readOnlyFrom: Date | null;
  readonly readOnlyUntil: Date | null;
  readonly failure: Failure | null;
  /** Set once somebody marked it as solved; null or absent otherwise. */
  readonly resolution?: Resolution | null;
  readonly proof: Proof | null;
  readonly createdAt: Date;
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}
