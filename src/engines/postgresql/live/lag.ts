import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import { formatBytes } from "../../../core/format.ts";
import type { DatabasePair } from "../../../core/ports/engine.ts";
import type { ReplicationLag, ReplicationPlan } from "../../../core/ports/replication.ts";
import { asAdmin, withSession } from "../session.ts";
import { proofSlots, replicationNames } from "./names.ts";

const NAME = "godwit lag";

/** What the source knows of its slot and of who reads it. */
const POSITION = `
  SELECT s.wal_status AS "walStatus", s.active_pid IS NOT NULL AND r.pid IS NOT NULL AS "isApplying",
    (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), k.restart_lsn)) FROM pg_replication_slots k
      WHERE k.slot_name = s.slot_name OR starts_with(k.slot_name, $2))::float8 AS "backlogBytes",
    greatest(pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(r.replay_lsn, s.confirmed_flush_lsn)), 0)::float8 AS "behindBytes",
    (extract(epoch FROM r.replay_lag) * 1000)::float8 AS "behindMs"
  FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid
  WHERE s.slot_name = $1`;

interface Position extends ReplicationLag {
  readonly walStatus: string | null;
}

/** What is thrown when the source no longer has what the target has not read. */
export function replicationLost(database: string): GodwitError {
  return new GodwitError({
    code: "replication-lost",
    summary: `The old server has thrown away changes of ${database} that the new one has not read.`,
    remedy: "Raise max_slot_wal_keep_size on the old server, then try again.",
  });
}

function overgrown(database: string, plan: ReplicationPlan): GodwitError {
  return new GodwitError({
    code: "replication-overgrown",
    summary:
      `The old server keeps more than ${formatBytes(plan.backlogLimitBytes)} of changes of ${database} that the ` +
      "new one has not taken, so the replication is given up before its disk fills.",
    remedy: "Try again when less is written, or raise replicationLimit in godwit.yaml.",
  });
}

/** Reads how far the target is behind; throws when the slot is lost, or keeps more than it may. */
export async function readLag(
  admin: pg.Client,
  database: string,
  plan: ReplicationPlan,
): Promise<ReplicationLag> {
  const { name } = replicationNames(plan.id);
  const { rows } = await admin.query<Position>(POSITION, [name, proofSlots(name)]);
  const [position] = rows;
  if (position === undefined || position.walStatus === "lost") throw replicationLost(database);
  const { walStatus: _, ...lag } = position;
  if (lag.backlogBytes > plan.backlogLimitBytes) throw overgrown(database, plan);
  return lag;
}

/** How far the target is behind the source. */
export function lag(
  { source }: DatabasePair,
  plan: ReplicationPlan,
  signal: AbortSignal,
): Promise<ReplicationLag> {
  return withSession(asAdmin(source.server, source.database), { name: NAME, signal }, (admin) =>
    readLag(admin, source.database, plan),
  );
}
