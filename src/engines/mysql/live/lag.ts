import { GodwitError } from "../../../core/failure.ts";
import { formatBytes } from "../../../core/format.ts";
import type { DatabasePair } from "../../../core/ports/engine.ts";
import type { ReplicationLag, ReplicationPlan } from "../../../core/ports/replication.ts";
import { type Session, withAdmin } from "../session.ts";
import { type ChannelStatus, readChannel } from "./channel.ts";
import { replicationNames } from "./names.ts";
import { bytesBehind } from "./position.ts";

/** The source no longer has the log that was asked for. Source: MySQL error reference, ER_SOURCE_FATAL_ERROR_READING_BINLOG. */
const LOG_IS_GONE = 1236;

/** What is thrown when the source no longer has what the target has not read, or the target no longer follows. */
export function replicationLost(database: string): GodwitError {
  return new GodwitError({
    code: "replication-lost",
    summary: `The new server no longer follows the old one, or the old one has thrown away changes of ${database} that it has not read.`,
    remedy: "Let the old server keep its binary log for longer (binlog_expire_logs_seconds), then try again.",
  });
}

function refusedChange(database: string, error: number): GodwitError {
  return new GodwitError({
    code: "replication-lost",
    summary: `The new server stopped following, since it could not apply a change of ${database} (the server's error ${error}).`,
    remedy: "Try again when no deployment is changing tables, or copy while the database is read-only.",
  });
}

export function overgrown(database: string, plan: ReplicationPlan): GodwitError {
  return new GodwitError({
    code: "replication-overgrown",
    summary:
      `More than ${formatBytes(plan.backlogLimitBytes)} of changes of ${database}'s server are kept for the new ` +
      "server, so the replication is given up before a disk fills.",
    remedy: "Try again when less is written, or raise replicationLimit in godwit.yaml.",
  });
}

/** The channel of a replication as long as it can go on. */
export async function requireChannel(
  target: Session,
  database: string,
  plan: ReplicationPlan,
): Promise<ChannelStatus> {
  const channel = await readChannel(target, replicationNames(plan.id).name);
  if (channel === null || channel.receiveError === LOG_IS_GONE) throw replicationLost(database);
  if (channel.applyError !== 0 && !channel.isApplying) throw refusedChange(database, channel.applyError);
  return channel;
}

/** How far the target is behind. What is kept for it lies on both servers: not yet fetched, and fetched. */
export function lag(
  { source, target }: DatabasePair,
  plan: ReplicationPlan,
  signal: AbortSignal,
): Promise<ReplicationLag> {
  return withAdmin(target.server, signal, async (admin) => {
    const channel = await requireChannel(admin, source.database, plan);
    const behindBytes = await withAdmin(source.server, signal, (log) => bytesBehind(log, channel.applied));
    if (behindBytes === null) throw replicationLost(source.database);
    const backlogBytes = behindBytes + channel.keptBytes;
    if (backlogBytes > plan.backlogLimitBytes) throw overgrown(source.database, plan);
    const { behindSeconds, isReceiving, isApplying } = channel;
    const behindMs = behindBytes === 0 || behindSeconds === null ? null : behindSeconds * 1000;
    return { behindBytes, behindMs, backlogBytes, isApplying: isReceiving && isApplying };
  });
}
