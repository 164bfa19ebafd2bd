import { GodwitError } from "../../../core/failure.ts";
import type { Replication, ReplicationPlan } from "../../../core/ports/replication.ts";
import type { CopyRun } from "../run-copy.ts";
import type { Gatekeeper } from "./gatekeeper.ts";

/** A copy that follows its source, and what decides about its switch. */
export interface LiveRun extends CopyRun {
  readonly replication: Replication;
  readonly plan: ReplicationPlan;
  readonly gatekeeper: Gatekeeper;
  /** From the fence to the proof; past it the switch is taken back. */
  readonly switchLimitMs: number;
}

/** Throws `schema-changed` when somebody has changed the schema since it was copied. */
export async function assertSameSchema({ engine, opened, state, call }: LiveRun): Promise<void> {
  if (!engine.capabilities.hasSchema) return;
  const now = await engine.schemaFingerprint(opened.pair.source, call.signal);
  if (now === state.note?.replication?.fingerprint) return;
  throw new GodwitError({
    code: "schema-changed",
    summary: "Somebody changed the schema after it was copied, and such changes are not carried over.",
    remedy: "Start the copy again when no deployment is changing tables.",
  });
}
