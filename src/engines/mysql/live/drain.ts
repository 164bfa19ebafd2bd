import type { DatabasePair } from "../../../core/ports/engine.ts";
import type { ReplicationPlan, UnderFence } from "../../../core/ports/replication.ts";
import { setCounters } from "../copy/copy-data.ts";
import { inTarget } from "../schema/copy-schema.ts";
import { readSchema } from "../schema/read-schema.ts";
import { type Session, withAdmin } from "../session.ts";
import { readChannel, stopChannel } from "./channel.ts";
import { requireChannel } from "./lag.ts";
import { replicationNames } from "./names.ts";
import { hasReached, type Position, readEnd } from "./position.ts";
import { resumeReplication } from "./start.ts";

const LOOK_MS = 20;

/** Waits until the target has applied everything that was committed before the fence, stops it there, and sets its counters. */
export async function drain(
  pair: DatabasePair,
  plan: ReplicationPlan,
  { hold, call }: UnderFence,
): Promise<void> {
  const { source, target } = pair;
  await hold.assertAlive();
  call.report({ label: "waiting for the last changes" });
  const goal = await withAdmin(source.server, call.signal, readEnd);
  await withAdmin(target.server, call.signal, async (admin) => {
    const channel = await readChannel(admin, replicationNames(plan.id).name);
    if (channel === null || channel.isStopped) await resumeReplication(pair, plan, call.signal);
    await untilApplied(admin, goal, { pair, plan, under: { hold, call } });
    await stopChannel(admin, replicationNames(plan.id).name);
  });
  call.report({ label: "setting counters" });
  const schema = await readSchema(source, call.signal);
  await inTarget(pair, call.signal, (session) => setCounters(session, pair, schema));
  await hold.assertAlive();
}

interface Draining {
  readonly pair: DatabasePair;
  readonly plan: ReplicationPlan;
  readonly under: UnderFence;
}

async function untilApplied(
  admin: Session,
  goal: Position,
  { pair, plan, under: { call } }: Draining,
): Promise<void> {
  for (;;) {
    call.signal.throwIfAborted();
    const { applied } = await requireChannel(admin, pair.source.database, plan);
    if (hasReached(applied, goal)) return;
    await call.clock.sleep(LOOK_MS, call.signal);
  }
}
