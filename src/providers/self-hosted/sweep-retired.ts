import { crashPoint } from "../../core/crash-point.ts";
import type { RetiredDatabase } from "../../core/ports/fleet.ts";
import type { SweepNews } from "../../core/ports/provider.ts";
import type { Fleet } from "./fleet.ts";
import { endFollowing } from "./following.ts";
import { isInUse } from "./in-service.ts";
import { accessOf, engineOn, findServer } from "./location.ts";
import { onServer } from "./server-reach.ts";

const DAY_MS = 86_400_000;

/**
 * Announces and drops old databases: announced a day before (half the retention when that is shorter),
 * and never dropped sooner after the announcement than that, even when Godwit was down for long.
 */
export async function sweepRetired(fleet: Fleet, now: Date, signal: AbortSignal): Promise<SweepNews[]> {
  const news: SweepNews[] = [];
  for (const retired of await fleet.store.retired(fleet.config.name)) {
    signal.throwIfAborted();
    const told = await sweepOne(fleet, retired, { now, signal });
    if (told !== undefined) news.push(told);
  }
  return news;
}

async function sweepOne(
  fleet: Fleet,
  retired: RetiredDatabase,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<SweepNews | undefined> {
  const noticeMs = Math.min(DAY_MS, fleet.config.retentionMs / 2);
  const { migrationId, announcedAt } = retired;
  const dropAt = latest(retired.dropAt, (announcedAt ?? now).getTime() + noticeMs);
  if (announcedAt === null) {
    if (now.getTime() < retired.dropAt.getTime() - noticeMs) return undefined;
    if (!(await fleet.store.markAnnounced(migrationId))) return undefined;
    return { kind: "retirement-announced", migrationId, dropAt };
  }
  if (now < dropAt || !(await tryDrop(fleet, retired, signal))) return undefined;
  return (await fleet.store.removeRetired(migrationId)) ? { kind: "retired", migrationId } : undefined;
}

/** False when it must wait: the server is down, or an add-on lives there again. */
async function tryDrop(fleet: Fleet, retired: RetiredDatabase, signal: AbortSignal): Promise<boolean> {
  const { migrationId, serverId, database, username } = retired;
  try {
    if (await isInUse(fleet, retired)) throw new Error(`${database} on ${serverId} is in service`);
    if (!(await fleet.store.claimDrop(migrationId))) return false;
    const server = accessOf(findServer(fleet, serverId));
    const engine = engineOn(fleet, serverId);
    // A server drops no database that follows another one.
    await endFollowing(fleet, migrationId, signal);
    await onServer(serverId, () => engine.drop({ server, database, username }, signal));
    crashPoint("retired database: dropped");
    return true;
  } catch (error) {
    signal.throwIfAborted();
    fleet.log.error({ migrationId, serverId, database, err: error }, "old database not dropped");
    return false;
  }
}

function latest(date: Date, time: number): Date {
  return new Date(Math.max(date.getTime(), time));
}
