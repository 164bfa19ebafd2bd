import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../core/ports/replication.ts";
import { asAdmin, withSession } from "../session.ts";
import { readLag } from "./lag.ts";
import { whileWatching } from "./while-watching.ts";

const LOOK_MS = 2_000;

/**
 * Runs `work` and looks meanwhile at what the source keeps for the target: past the limit the work is
 * aborted, and the reason thrown.
 */
export function withinBacklog<T>(
  pair: DatabasePair,
  plan: ReplicationPlan,
  { call, work }: { readonly call: EngineCall; readonly work: (call: EngineCall) => Promise<T> },
): Promise<T> {
  return whileWatching({ call, work, watch: (until) => watch(pair, plan, { call, until }) });
}

async function watch(
  { source }: DatabasePair,
  plan: ReplicationPlan,
  { call, until }: { readonly call: EngineCall; readonly until: AbortSignal },
): Promise<void> {
  const signal = AbortSignal.any([call.signal, until]);
  try {
    await withSession(
      asAdmin(source.server, source.database),
      { name: "godwit lag", signal },
      async (admin) => {
        for (;;) {
          await readLag(admin, source.database, plan);
          await call.clock.sleep(LOOK_MS, signal);
        }
      },
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
