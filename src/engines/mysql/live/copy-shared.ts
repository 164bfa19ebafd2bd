import type { CopyReport, DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../core/ports/replication.ts";
import { copyData } from "../copy/copy-data.ts";
import { readEnabledEvents } from "../fence/events.ts";
import type { BareTargets } from "../schema/copy-schema.ts";
import { withAdmin } from "../session.ts";
import type { Position } from "./position.ts";
import { beginShared, type SharedSnapshot } from "./snapshot.ts";
import { watchBacklog } from "./within-backlog.ts";

/** What a live copy needs besides the pair. */
export interface LiveOptions {
  readonly call: EngineCall;
  readonly jobs: number;
  readonly bare: BareTargets;
}

/** The copier asks for the fence under which it works; here a snapshot stands in for it. */
const NO_FENCE: FenceHold = {
  since: new Date(0),
  isAlive: () => true,
  assertAlive: async () => undefined,
  release: async () => undefined,
};

/** Copies everything as of one moment, and tells which place of the source's log that is. */
export async function copyShared(
  pair: DatabasePair,
  plan: ReplicationPlan,
  options: LiveOptions,
): Promise<{ readonly report: CopyReport; readonly position: Position | null }> {
  const { call } = options;
  const [stop, done] = [new AbortController(), new AbortController()];
  const limited = {
    ...call,
    signal: AbortSignal.any([call.signal, stop.signal]),
    report: call.report.bind(call),
  };
  const waking = await withAdmin(pair.source.server, call.signal, (admin) =>
    readEnabledEvents(admin, pair.source.database),
  );
  let [shared, watching]: [SharedSnapshot | null, Promise<void>] = [null, Promise.resolve()];
  const begin = async (lanes: number) => {
    shared = await beginShared(pair, lanes, limited);
    const watch = { call, from: shared.position, until: done.signal };
    watching = watchBacklog(pair.source, plan, watch).catch((error: unknown) => stop.abort(error));
    return shared.openLanes;
  };
  try {
    const report = await copyData(pair, NO_FENCE, { ...options, call: limited, snapshot: { waking, begin } });
    return { report, position: (shared as SharedSnapshot | null)?.position ?? null };
  } catch (error) {
    call.signal.throwIfAborted();
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    done.abort();
    await watching;
    (shared as SharedSnapshot | null)?.close();
  }
}
