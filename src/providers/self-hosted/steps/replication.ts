import { GodwitError } from "../../../core/failure.ts";
import type { Engine } from "../../../core/ports/engine.ts";
import type { Replication, ReplicationPlan } from "../../../core/ports/replication.ts";
import type { StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { engineOf } from "./subject.ts";

/** How the migration's engine replicates. */
export function replicationOf(fleet: Fleet, context: StepContext): Replication {
  const engine: Engine = engineOf(fleet, context);
  if (engine.replication !== undefined) return engine.replication;
  throw new GodwitError({
    code: "replication-not-built",
    summary: `Godwit does not replicate ${engine.name} databases.`,
    remedy: "Choose the strategy that copies while the database is read-only.",
  });
}

/** The migration's replication: named after it, and given up past the fleet's limit. */
export function planOf(fleet: Fleet, { migration }: StepContext): ReplicationPlan {
  return { id: migration.id, backlogLimitBytes: fleet.config.replicationLimitBytes };
}
