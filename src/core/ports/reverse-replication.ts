import type { Proof } from "../proof.ts";
import type { JsonObject } from "../step.ts";
import type { DatabasePair, EngineCall } from "./engine.ts";
import type { ReplicationPair, ReplicationPlan, UnderFence } from "./replication.ts";

/** An old database that follows, as it was begun. */
export interface Followed extends ReplicationPlan {
  /** What `keep` has noted. */
  readonly notes: JsonObject;
}

/**
 * Keeps the database that an add-on has left current, so that a return loses nothing. A pair's source is the database
 * in service, its target the one that was left. Everything that is made is named after the migration that was made,
 * so that any process finds what another one left behind; every method looks before it acts and may be repeated.
 */
export interface ReverseReplication {
  /**
   * Right at the switch, while nobody writes to either side: keeps every change of the source from now on. Touches the
   * source only. Throws a `GodwitError` that says why that cannot be; what stands then is for `end`.
   */
  keep(pair: DatabasePair, plan: ReplicationPlan, signal: AbortSignal): Promise<JsonObject>;
  /**
   * Once the target is closed to applications: lets it take what was kept, and follow.
   * @param fenceNotes those of the fence that still stands on the target
   */
  follow(
    pair: DatabasePair,
    plan: ReplicationPlan,
    options: { readonly fenceNotes: JsonObject; readonly signal: AbortSignal },
  ): Promise<void>;
  /** Throws `replication-overgrown` when the source keeps more for the target than it may. */
  assertBounded(pair: DatabasePair, plan: ReplicationPlan, signal: AbortSignal): Promise<void>;
  /** Throws a `GodwitError`: one that is not transient says why the target no longer follows, for good. */
  assertFollowing(pair: DatabasePair, followed: Followed, signal: AbortSignal): Promise<void>;
  /** Before the fence, while writes go on: waits until the target has nearly caught up, and compares both sides. */
  prepareReturn(pair: DatabasePair, followed: Followed, call: EngineCall): Promise<void>;
  /** Under the fence: waits until the target has every change, and sets its sequences. Throws `following-too-slow`. */
  drain(pair: DatabasePair, followed: Followed, options: UnderFence): Promise<void>;
  /** Under the fence, after `drain`: compares the rows. Throws `verification-mismatch`. */
  verify(pair: DatabasePair, followed: Followed, options: UnderFence): Promise<Proof>;
  /** Removes everything that was made, on both sides; leaves the data. */
  end(pair: ReplicationPair, id: string, signal: AbortSignal): Promise<void>;
}
