import { GodwitError } from "../../../core/failure.ts";
import type { CopyReport, DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../core/ports/replication.ts";
import { fingerprint, readSchema } from "../schema/read-schema.ts";
import { asAdmin, type Session, withAdmin } from "../session.ts";
import { makeApplier, makeReplicationUser } from "./accounts.ts";
import {
  connectChannel,
  makeChannel,
  readChannel,
  removeChannel,
  startChannel,
  stopChannel,
} from "./channel.ts";
import { copyShared, type LiveOptions } from "./copy-shared.ts";
import { endReplication } from "./end.ts";
import { replicationLost, requireChannel } from "./lag.ts";
import { replicationNames } from "./names.ts";
import { readObstacles, refuse } from "./obstacles.ts";
import { readPairObstacles } from "./pair-obstacles.ts";
import { bytesBehind, readEnd } from "./position.ts";

const LOOK_MS = 50;
/** A target that has not reached the source by then never will. */
const REACH_MS = 20_000;

/** Runs `work` with an administrator's session on each side. */
export function withSides<T>(
  { source, target }: DatabasePair,
  signal: AbortSignal,
  work: (source: Session, target: Session) => Promise<T>,
): Promise<T> {
  return withAdmin(source.server, signal, (from) => withAdmin(target.server, signal, (to) => work(from, to)));
}

/**
 * Copies everything as of one place in the source's log, then follows from there. The channel is made last, so that
 * its existence says that the copy is complete: without one, what an earlier attempt left is taken away.
 */
export async function startReplication(
  pair: DatabasePair,
  plan: ReplicationPlan,
  options: LiveOptions,
): Promise<CopyReport | null> {
  const { call } = options;
  const { name } = replicationNames(plan.id);
  const existing = await withAdmin(pair.target.server, call.signal, (admin) => readChannel(admin, name));
  if (existing !== null) {
    await resumeReplication(pair, plan, call.signal);
    return null;
  }
  await endReplication(pair, plan.id, call.signal);
  call.report({ label: "preparing the replication" });
  const password = await prepare(pair, plan, call);
  const before = await schemaOf(pair, call);
  const { report, position } = await copyShared(pair, plan, options);
  if ((await schemaOf(pair, call)) !== before) throw schemaChanged(pair.source.database);
  await withSides(pair, call.signal, async (source, target) => {
    const from = position ?? (await readEnd(source));
    await makeChannel(target, name, { source: asAdmin(pair.source.server), user: name, password, from });
    await startChannel(target, name, { from: pair.source.database, to: pair.target.database });
  });
  return report;
}

const schemaOf = async ({ source }: DatabasePair, { signal }: EngineCall): Promise<string> =>
  fingerprint(await readSchema(source, signal));

function schemaChanged(database: string): GodwitError {
  return new GodwitError({
    code: "schema-changed",
    summary: `Somebody changed the schema of ${database} while it was being copied.`,
    remedy: "Try again when no deployment is changing tables.",
  });
}

/** Makes what the target follows with, and tries it; returns the password. */
function prepare(pair: DatabasePair, plan: ReplicationPlan, call: EngineCall): Promise<string> {
  return withSides(pair, call.signal, async (source, target) => {
    await refuseObstacles(pair, source, target);
    const { name, trial } = replicationNames(plan.id);
    const password = await makeReplicationUser(source, name);
    await makeApplier(target, name, pair.target);
    const from = await readEnd(source);
    await makeChannel(target, trial, { source: asAdmin(pair.source.server), user: name, password, from });
    await connectChannel(target, trial);
    await untilConnected(target, trial, call);
    await removeChannel(target, trial);
    return password;
  });
}

async function refuseObstacles(pair: DatabasePair, source: Session, target: Session): Promise<void> {
  const names = { from: pair.source.database, to: pair.target.database };
  refuse(await readObstacles(source, pair.source.database));
  refuse(await readPairObstacles({ source, target, ...names }));
}

async function untilConnected(target: Session, trial: string, call: EngineCall): Promise<void> {
  const giveUpAt = performance.now() + REACH_MS;
  for (;;) {
    const channel = await readChannel(target, trial);
    if (channel?.isReceiving === true) return;
    if (channel === null || channel.receiveError !== 0 || performance.now() > giveUpAt)
      throw unreachable(channel?.receiveError ?? 0);
    await call.clock.sleep(LOOK_MS, call.signal);
    call.signal.throwIfAborted();
  }
}

function unreachable(error: number): GodwitError {
  return new GodwitError({
    code: "replication-unreachable",
    summary: `The new server cannot follow the old one: it does not reach it (the server's error ${error}).`,
    remedy:
      "Let the new server connect to the old one under the address that godwit.yaml has for it, or copy while the database is read-only.",
  });
}

/** Lets the target follow again, with its filters. Throws `replication-lost` when the source has nothing for it any more. */
export async function resumeReplication(
  pair: DatabasePair,
  plan: ReplicationPlan,
  signal: AbortSignal,
): Promise<void> {
  const { name } = replicationNames(plan.id);
  await withSides(pair, signal, async (source, target) => {
    const channel = await readChannel(target, name);
    if (channel === null) throw replicationLost(pair.source.database);
    if ((await bytesBehind(source, channel.applied)) === null) throw replicationLost(pair.source.database);
    if (channel.takes === pair.target.database && channel.isApplying && !channel.isStopped) return;
    await stopChannel(target, name);
    await startChannel(target, name, { from: pair.source.database, to: pair.target.database });
  });
}

/** Looks once more at what was not there when the copy began. */
export async function lookAgain(pair: DatabasePair, plan: ReplicationPlan, call: EngineCall): Promise<void> {
  await withSides(pair, call.signal, async (source, target) => {
    refuse(await readObstacles(source, pair.source.database));
    await requireChannel(target, pair.source.database, plan);
  });
}
