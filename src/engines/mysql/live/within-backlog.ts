import type { DatabaseAccess, EngineCall } from "../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../core/ports/replication.ts";
import { withAdmin } from "../session.ts";
import { overgrown, replicationLost } from "./lag.ts";
import { bytesBehind, type Position } from "./position.ts";

const LOOK_MS = 2_000;

/** Looks at the source's log behind a place until the signal is aborted; throws past the limit, or when the log is gone. */
export async function watchBacklog(
  { server, database }: DatabaseAccess,
  plan: ReplicationPlan,
  { call, from, until }: { readonly call: EngineCall; readonly from: Position; readonly until: AbortSignal },
): Promise<void> {
  const signal = AbortSignal.any([call.signal, until]);
  try {
    await withAdmin(server, signal, async (admin) => {
      for (;;) {
        const bytes = await bytesBehind(admin, from);
        if (bytes === null) throw replicationLost(database);
        if (bytes > plan.backlogLimitBytes) throw overgrown(database, plan);
        await call.clock.sleep(LOOK_MS, signal);
      }
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
