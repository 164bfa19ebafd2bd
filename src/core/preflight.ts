import type { LinkedApplication } from "./addon.ts";
import type { Loss } from "./loss.ts";
import type { Actor } from "./member.ts";

/**
 * How much a finding weighs: a blocker keeps the migration from being confirmed, and a `consent` does until a person
 * has said yes to it by itself.
 */
export type FindingLevel = "blocker" | "consent" | "warning" | "info";

/** One thing that preflight found out, in plain language, with what to do about it. */
export interface Finding {
  /** Stable name of the check, such as `prepared-transactions`. */
  readonly check: string;
  readonly level: FindingLevel;
  readonly summary: string;
  /** An instruction; absent on findings that need nothing done. */
  readonly remedy?: string;
}

/** How long the database will be read-only, as a range, and where the figure comes from. */
export interface WindowEstimate {
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** Whole sentence, such as `Measured on 3 past migrations of this fleet.` */
  readonly source: string;
}

/** A variable in an application's own configuration that holds the old host or database name. */
export interface HardCodedVariable {
  readonly application: LinkedApplication;
  readonly variable: string;
}

/** What the migration will break or change, told in the disclaimer before anyone confirms. */
export interface Impact {
  readonly restarts: readonly LinkedApplication[];
  readonly hardCoded: readonly HardCodedVariable[];
  /** Database users that are not carried over. */
  readonly readOnlyUsersLost: readonly string[];
  readonly retentionHours: number;
}

/** Result of one preflight. */
export interface PreflightReport {
  readonly findings: readonly Finding[];
  readonly estimate: WindowEstimate;
  readonly impact: Impact;
  /** For a return to an old database: what it loses, as of this look. */
  readonly loss?: Loss;
  /** ISO time. */
  readonly checkedAt: string;
}

/** A person's yes to everything that a plan asks consent for. */
export interface Consent {
  /** The plan that was consented to: another one needs another consent. */
  readonly planHash: string;
  readonly by: Actor;
  readonly at: Date;
}

/** What a plan asks consent for, on its own and before it is confirmed. */
export function consentsOf({ findings }: PreflightReport): readonly Finding[] {
  return findings.filter(({ level }) => level === "consent");
}

/** Whether a plan asks for a consent that nobody has given to it as it stands. */
export function lacksConsent({ preflight, planHash, consent }: AsksConsent): boolean {
  return consentsOf(preflight).length > 0 && consent?.planHash !== planHash;
}

interface AsksConsent {
  readonly preflight: PreflightReport;
  readonly planHash: string;
  readonly consent?: Consent | null;
}

/** Whether something stands in the way of confirming. */
export function isBlocked(report: PreflightReport): boolean {
  return report.findings.some((finding) => finding.level === "blocker");
}
