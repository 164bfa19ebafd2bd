import { GodwitError } from "../../core/failure.ts";
import type { Loss } from "../../core/loss.ts";
import type { Migration } from "../../core/migration.ts";
import type { FleetAddon } from "../../core/ports/fleet.ts";
import { type RevertOptions, type RevertPlan, snapshotOf } from "../../core/ports/provider.ts";
import type { Finding, WindowEstimate } from "../../core/preflight.ts";
import { quoteMove } from "../../core/quote.ts";
import type { Fleet } from "./fleet.ts";
import { followedOf, reverseOf } from "./following.ts";
import { judgeApplications } from "./judge-applications.ts";
import { engineOn, findEngine, findPlan, findServer, openAccess } from "./location.ts";
import { inspectAddon, linkedApplications, readAddon } from "./read-addon.ts";
import { onServer } from "./server-reach.ts";
import { gone, readWayBack, type WayBack } from "./way-back.ts";

const HOUR_MS = 3_600_000;
/** A table that takes longer is counted under the fence only: somebody waits for this answer. */
const COUNT_MS = 10_000;
/** Slow disks read as fast as this. */
const COUNTED_BYTES_PER_SECOND = 100 * 1024 ** 2;

/** Works out what a return to the database that a migration has left would mean now. Changes nothing. */
export async function planRevert(fleet: Fleet, done: Migration, options: RevertOptions): Promise<RevertPlan> {
  const { addonId } = done.source;
  const record = await fleet.store.addon(fleet.config.name, addonId);
  if (record === undefined) throw gone();
  if (findEngine(fleet, record.engine).reversal === undefined) throw notBuilt(record.engine);
  const way = await readWayBack(fleet, done.id, addonId);
  const addon = await readAddon(fleet, record, options.signal);
  const old = { ...record, ...way.old, planId: done.source.plan.id };
  const { version } = await inspectAddon(fleet, old, options.signal);
  const plan = findPlan(fleet, old.planId);
  const { zone } = findServer(fleet, old.serverId);
  const carried = await carriedOver(fleet, done.id, { way, signal: options.signal });
  const loss =
    carried ?? (options.isCounted ? await countLoss(fleet, record, { way, ...options }) : undefined);
  return {
    source: snapshotOf(addon),
    target: { planId: plan.id, version, zone, strategy: "dump" },
    targetPlan: plan,
    quote: quoteMove(addon.plan, plan),
    preflight: {
      ...(await judge(fleet, record)),
      ...(loss && { loss }),
      estimate: carried === undefined ? estimate(addon.usedBytes) : SHORT,
      checkedAt: fleet.clock.now().toISOString(),
    },
  };
}

function notBuilt(engine: string): GodwitError {
  return new GodwitError({
    code: "not-revertible",
    summary: `Godwit does not return ${engine} databases to their old place by itself.`,
    remedy: "Ask support: the old database is kept, closed, for the retention time.",
  });
}

async function judge(fleet: Fleet, record: FleetAddon) {
  const engine = findEngine(fleet, record.engine);
  const source = await openAccess(fleet, record);
  const { findings, hardCoded } = await judgeApplications(fleet, record, { engine, source });
  const restarts = linkedApplications(fleet, record);
  const retentionHours = fleet.config.retentionMs / HOUR_MS;
  const impact = { restarts, hardCoded, readOnlyUsersLost: [], retentionHours };
  return { findings: findings satisfies readonly Finding[], impact };
}

/** No loss where the old database follows; undefined where it does not, or where that cannot be told now. */
async function carriedOver(
  fleet: Fleet,
  migrationId: string,
  { way, signal }: { readonly way: WayBack; readonly signal: AbortSignal },
): Promise<Loss | undefined> {
  const follows = (await fleet.store.following(fleet.config.name)).some(
    (one) => one.migrationId === migrationId,
  );
  const followed = follows ? await followedOf(fleet, migrationId) : undefined;
  if (followed === undefined) return undefined;
  const pair = { source: await openAccess(fleet, way.now), target: await openAccess(fleet, way.old) };
  try {
    await reverseOf(engineOn(fleet, way.old.serverId)).assertFollowing(pair, followed, signal);
  } catch (error) {
    signal.throwIfAborted();
    fleet.log.warn({ migrationId, err: error }, "old database does not follow");
    return undefined;
  }
  const since = typeof way.mark?.["at"] === "string" ? way.mark["at"] : null;
  const countedAt = fleet.clock.now().toISOString();
  return { since, countedAt, written: 0, replaced: 0, tables: [], notTold: [], carriedOver: true };
}

interface Counting extends RevertOptions {
  readonly way: WayBack;
}

async function countLoss(
  fleet: Fleet,
  record: FleetAddon,
  { way, signal }: Counting,
): Promise<Loss | undefined> {
  const { reversal } = findEngine(fleet, record.engine);
  const [now, before] = [await openAccess(fleet, way.now), await openAccess(fleet, way.old)];
  const call = { signal, clock: fleet.clock, report: () => undefined };
  return await onServer(way.now.serverId, async () =>
    reversal?.loss({ now, before }, way.mark, { call, limitMs: COUNT_MS }),
  );
}

/** Nothing is copied or counted: what was written since is there already. */
const SHORT: WindowEstimate = {
  minSeconds: 1,
  maxSeconds: 20,
  source:
    "The old database has followed: the last changes are taken over and compared, then applications restart.",
};

/** No data is copied; under the fence everything is counted once more. */
function estimate(usedBytes: number): WindowEstimate {
  const source =
    "No data is copied: it is counted what was written since the switch, then applications restart.";
  return { minSeconds: 1, maxSeconds: Math.ceil(15 + (2 * usedBytes) / COUNTED_BYTES_PER_SECOND), source };
}
