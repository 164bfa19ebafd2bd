import type { Proof } from "../proof.ts";
import type { CopyReport, DatabaseAccess, DatabasePair, EngineCall, FenceHold } from "./engine.ts";

/** How a replication is told from others, and when it is given up. */
export interface ReplicationPlan {
  /** The migration's ID; everything that the replication makes is named after it. */
  readonly id: string;
  /** Changes that the source may keep for the target before the replication is given up. */
  readonly backlogLimitBytes: number;
}

/** How far the target is behind the source. */
export interface ReplicationLag {
  /** Written to the source's log and not yet applied to the target. */
  readonly behindBytes: number;
  /** How old the last applied change was when it was applied; null when nobody has written lately. */
  readonly behindMs: number | null;
  /** Log that the source keeps for the target. */
  readonly backlogBytes: number;
  /** Whether the target is applying changes now. */
  readonly isApplying: boolean;
}

/** What work under the fence needs besides both sides. */
export interface UnderFence {
  readonly hold: FenceHold;
  readonly call: EngineCall;
}

/** Both sides as far as taking a replication away needs them; the target may not exist. */
export interface ReplicationPair {
  readonly source: Omit<DatabaseAccess, "password">;
  readonly target: Omit<DatabaseAccess, "password">;
}

/**
 * Moves a database while it is written to. Everything that it makes is named after the plan's ID, so that any
 * process finds what another one left behind; every method looks before it acts and may be repeated.
 */
export interface Replication {
  /**
   * Copies everything as of one moment and lets the target follow from there. A copy that was interrupted starts
   * anew; one that is complete goes on, and is reported as null. Throws `replication-unreachable`,
   * `replication-overgrown`, `replication-obstacle`, `schema-changed`.
   */
  start(pair: DatabasePair, plan: ReplicationPlan, call: EngineCall): Promise<CopyReport | null>;
  /** Lets a target follow again that `drain` has stopped. Throws `replication-lost` when it cannot. */
  resume(pair: DatabasePair, plan: ReplicationPlan, signal: AbortSignal): Promise<void>;
  /** Throws `replication-overgrown` and `replication-lost`. */
  lag(pair: DatabasePair, plan: ReplicationPlan, signal: AbortSignal): Promise<ReplicationLag>;
  /**
   * Does what would lengthen the read-only window while writes go on: on the target what replication leaves out,
   * and the comparison of everything as of one moment. Looks once more for what replication does not carry.
   * Throws `replication-obstacle`, `verification-mismatch`.
   */
  prepareSwitch(pair: DatabasePair, plan: ReplicationPlan, call: EngineCall): Promise<void>;
  /** Under the fence: waits until the target has every change, stops it there, and sets its sequences. */
  drain(pair: DatabasePair, plan: ReplicationPlan, options: UnderFence): Promise<void>;
  /**
   * Compares both sides under the fence, after `drain`: only what changed since `prepareSwitch` in this process,
   * otherwise everything. Throws `verification-mismatch` naming what differs.
   */
  verify(pair: DatabasePair, plan: ReplicationPlan, options: UnderFence): Promise<Proof>;
  /** Removes everything that the replication made, on both sides; leaves the data. */
  end(pair: ReplicationPair, id: string, signal: AbortSignal): Promise<void>;
}
