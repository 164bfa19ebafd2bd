import { GodwitError } from "../../../../core/failure.ts";
import type { DatabasePair, EngineCall } from "../../../../core/ports/engine.ts";
import type { Followed } from "../../../../core/ports/reverse-replication.ts";
import { asAdmin, withSession } from "../../session.ts";
import { readLag } from "../lag.ts";
import { replicationNames } from "../names.ts";
import { whileWatching } from "../while-watching.ts";
import { inReverse } from "./sides.ts";
import { assertApplying } from "./watch.ts";

const LOOK_MS = 2_000;
/** A reader that is away for so long does not come back: before version 15 that alone tells of a change it cannot apply. */
const AWAY_MS = 30_000;

/** Runs `work` and looks meanwhile whether the old database follows: when it stops, the work is aborted, and the reason thrown. */
export function whileFollowing<T>(
  pair: DatabasePair,
  followed: Followed,
  { call, work }: { readonly call: EngineCall; readonly work: (call: EngineCall) => Promise<T> },
): Promise<T> {
  return whileWatching({ call, work, watch: (until) => watch(pair, followed, { call, until }) });
}

async function watch(
  { source, target }: DatabasePair,
  followed: Followed,
  { call, until }: { readonly call: EngineCall; readonly until: AbortSignal },
): Promise<void> {
  const signal = AbortSignal.any([call.signal, until]);
  const { name } = replicationNames(followed.id);
  const login = asAdmin(source.server, source.database);
  try {
    await withSession(login, { name: "godwit lag", signal }, async (admin) => {
      for (let seenAt = performance.now(); ; await call.clock.sleep(LOOK_MS, signal)) {
        const { isApplying } = await inReverse(() => readLag(admin, source.database, followed));
        if (isApplying) seenAt = performance.now();
        if (performance.now() - seenAt > AWAY_MS) throw away(target.database);
        await assertApplying(target, name, signal);
      }
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function away(database: string): GodwitError {
  return new GodwitError({
    code: "following-stopped",
    summary: `The old database ${database} has not read the changes of the new one for ${AWAY_MS / 1000} s.`,
    remedy: "The old server's log says why.",
  });
}
