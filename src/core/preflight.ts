import type { LinkedApplication } from "./addon.ts";

/** How much a finding weighs: a blocker keeps the migration from being confirmed. */
export type FindingLevel = "blocker" | "warning" | "info";

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
  /** ISO time. */
  readonly checkedAt: string;
}

/** Whether something stands in the way of confirming. */
export function isBlocked(report: PreflightReport): boolean {
  return report.findings.some((finding) => finding.level === "blocker");
}
