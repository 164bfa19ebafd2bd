import { GodwitError } from "../../../core/failure.ts";
import type { CopyReport, DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type {
  Replication,
  ReplicationLag,
  ReplicationPair,
  ReplicationPlan,
  UnderFence,
} from "../../../core/ports/replication.ts";
import { type Sides, withSides } from "../copy/sides.ts";
import { guarded } from "../errors.ts";
import { numberIn, readDatabases, readInfo } from "../info.ts";
import { asAdmin, withSession } from "../session.ts";
import { verify } from "../verify/verify.ts";
import { readVersion } from "../versions.ts";
import { readFollowing, startFollowing, stopFollowing, untilSynced } from "./follow.ts";
import { canFollow } from "./judge-live.ts";
import { readLiveObstacles } from "./obstacles.ts";
import { dropReplicationUser, replicationUser } from "./role.ts";

const NAME = "godwit live";
const LOOK_MS = 20;

/** Live migrations by the servers' own replication: the target is the source's replica until the switch. */
export function createReplication(): Replication {
  return {
    start: (pair, plan, call) =>
      guarded("Replicating the server", call.signal, () =>
        withSides(pair, { name: NAME, signal: call.signal }, (sides) => start(sides, { pair, plan, call })),
      ),
    resume: (pair, plan, signal) =>
      guarded("Going on with the replication", signal, () =>
        withSides(pair, { name: NAME, signal }, (sides) => resume(sides, pair, plan)),
      ),
    lag: (pair, plan, signal) =>
      guarded("Reading how far the new server is", signal, () =>
        withSides(pair, { name: NAME, signal }, (sides) => readLag(sides, plan)),
      ),
    prepareSwitch: (pair, _plan, call) =>
      guarded("Preparing the switch", call.signal, () =>
        withSides(pair, { name: NAME, signal: call.signal }, refuseObstacles),
      ),
    drain: (pair, plan, under) =>
      guarded("Taking over the last changes", under.call.signal, () => drain(pair, plan, under)),
    verify: (pair, _plan, { hold, call }) =>
      guarded("Comparing both servers", call.signal, () => verify(pair, hold, { call })),
    end: (pair, id, signal) => guarded("Ending the replication", signal, () => end(pair, id, signal)),
  };
}

async function start(
  sides: Sides,
  {
    pair,
    plan,
    call,
  }: { readonly pair: DatabasePair; readonly plan: ReplicationPlan; readonly call: EngineCall },
): Promise<CopyReport | null> {
  const startedAt = performance.now();
  const before = await readFollowing(sides.target, plan.id);
  if (before.isOurs && before.isUp) return null;
  await refuseObstacles(sides);
  await startFollowing(sides, pair.source, plan.id);
  const bytes = await untilSynced(sides.target, plan.id, call);
  const databases = await readDatabases(sides.target);
  const rows = [...databases.values()].reduce((sum, keys) => sum + keys, 0);
  const used = numberIn(await readInfo(sides.target, "memory"), "used_memory_dataset");
  return {
    tables: databases.size,
    rows,
    bytes: Math.max(bytes, used),
    milliseconds: performance.now() - startedAt,
  };
}

/** What was not seen when the migration was asked for. */
async function refuseObstacles({ source, target }: Sides): Promise<void> {
  const info = await readInfo(source, "server", "replication", "cluster");
  const [from, to] = [readVersion(info), readVersion(await readInfo(target, "server"))];
  const [obstacle] = readLiveObstacles(info);
  if (obstacle !== undefined) throw cannot(obstacle.summary, obstacle.remedy);
  if (canFollow(from.version, to.version)) return;
  throw cannot(
    "The new server does not understand the old one's replication.",
    "Copy while it is read-only.",
  );
}

function cannot(summary: string, remedy: string): GodwitError {
  return new GodwitError({ code: "replication-obstacle", summary, remedy });
}

/** A target that was promoted by `drain` follows again; one that was never a replica of this plan cannot. */
async function resume(sides: Sides, pair: DatabasePair, plan: ReplicationPlan): Promise<void> {
  const { isOurs } = await readFollowing(sides.target, plan.id);
  if (isOurs) return;
  if (!(await isKnown(sides, plan.id))) throw lost();
  await startFollowing(sides, pair.source, plan.id);
}

/** Whether the source still has what this replication has made on it. */
async function isKnown({ source }: Sides, id: string): Promise<boolean> {
  return ((await source.call("ACL", "USERS")) as string[]).includes(replicationUser(id));
}

function lost(): GodwitError {
  return new GodwitError({
    code: "replication-lost",
    summary: "The new server no longer follows the old one.",
    remedy: "Start the migration again.",
  });
}

async function readLag(sides: Sides, plan: ReplicationPlan): Promise<ReplicationLag> {
  const following = await readFollowing(sides.target, plan.id);
  if (!following.isOurs) throw lost();
  const info = await readInfo(sides.source, "replication", "memory");
  const behindBytes = Math.max(numberIn(info, "master_repl_offset") - following.offset, 0);
  const backlogBytes = numberIn(info, "repl_backlog_histlen") + numberIn(info, "mem_clients_slaves");
  if (backlogBytes > plan.backlogLimitBytes) throw overgrown();
  return { behindBytes, behindMs: null, backlogBytes, isApplying: following.isUp };
}

function overgrown(): GodwitError {
  return new GodwitError({
    code: "replication-overgrown",
    summary: "The old server keeps more changes for the new one than it may.",
    remedy: "Try again when less is written, or raise replicationLimit in godwit.yaml.",
  });
}

/** Under the fence the source writes nothing but expiries and heartbeats, which the target may have or not. */
function drain(pair: DatabasePair, plan: ReplicationPlan, { hold, call }: UnderFence): Promise<void> {
  return withSides(pair, { name: NAME, signal: call.signal }, async (sides) => {
    await hold.assertAlive();
    const goal = numberIn(await readInfo(sides.source, "replication"), "master_repl_offset");
    for (;;) {
      const { isOurs, isUp, offset } = await readFollowing(sides.target, plan.id);
      if (!isOurs) return refuseStranger(sides, plan);
      if (isUp && offset >= goal) break;
      call.report({ label: "taking over the last changes" });
      await call.clock.sleep(LOOK_MS, call.signal);
      call.signal.throwIfAborted();
    }
    await hold.assertAlive();
    await stopFollowing(sides.target);
  });
}

/** A target that an earlier attempt has stopped already is where it should be; any other one is lost. */
async function refuseStranger(sides: Sides, plan: ReplicationPlan): Promise<void> {
  const { isUp } = await readFollowing(sides.target, plan.id);
  if (isUp || !(await isKnown(sides, plan.id))) throw lost();
}

/** The target first: it must not log in again with a user that is gone. A target that cannot be reached holds up nothing. */
async function end({ source, target }: ReplicationPair, id: string, signal: AbortSignal): Promise<void> {
  await withSession(asAdmin(target.server), { name: NAME, signal }, async (client) => {
    if ((await readFollowing(client, id)).isOurs) await stopFollowing(client);
  });
  await withSession(asAdmin(source.server), { name: NAME, signal }, (client) =>
    dropReplicationUser(client, id),
  );
}
