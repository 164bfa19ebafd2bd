import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../core/ports/replication.ts";
import { asAdmin, withSession } from "../session.ts";
import { readLag } from "./lag.ts";

const LOOK_MS = 2_000;

/**
 * Runs `work` and looks meanwhile at what the source keeps for the target: past the limit the work is
 * aborted, and the reason thrown.
 */
export async function withinBacklog<T>(
  pair: DatabasePair,
  plan: ReplicationPlan,
  { call, work }: { readonly call: EngineCall; readonly work: (call: EngineCall) => Promise<T> },
): Promise<T> {
  const [stop, done] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([call.signal, stop.signal]);
  const watching = watch(pair, plan, { call, until: done.signal }).catch((error: unknown) =>
    stop.abort(error),
  );
  try {
    return await work({ ...call, signal, report: (progress) => call.report(progress) });
  } catch (error) {
    call.signal.throwIfAborted();
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    done.abort();
    await watching;
  }
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
