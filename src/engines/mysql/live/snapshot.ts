import { GodwitError } from "../../../core/failure.ts";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type { OpenLanes } from "../copy/copy-data.ts";
import { beginSnapshot, connectLane, type OpenLane } from "../copy/lane.ts";
import { errorNumber } from "../errors.ts";
import { lockStatement } from "../fence/hard-layer.ts";
import { asAdmin, type Session, withSession } from "../session.ts";
import { type Position, readEnd } from "./position.ts";

/** Writers wait behind a lock that waits, so it does not wait for long. */
const LOCK_WAIT_SECONDS = 1;
const PAUSE_MS = 500;
const PATIENCE_MS = 300_000;
const IN_THE_WAY = new Set([1205, 1213, 1146]);

/** Sessions that all see what the source's log says up to one place. */
export interface SharedSnapshot {
  readonly position: Position;
  readonly openLanes: OpenLanes;
  close(): void;
}

function longTransactions(database: string): GodwitError {
  return new GodwitError({
    code: "replication-obstacle",
    summary: `Transactions that have changed ${database} stay open for minutes, so no moment could be found to begin at.`,
    remedy: "End them, then try again, or copy while the database is read-only.",
  });
}

/** Waits until nobody has changed something that is not committed, and keeps it so for as long as the lock is held. */
async function lockTables(session: Session, database: string, call: EngineCall): Promise<void> {
  await session.run(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_SECONDS}`);
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const statement = await lockStatement(session, database);
      if (statement !== null) await session.run(statement);
      return;
    } catch (error) {
      if (!IN_THE_WAY.has(errorNumber(error) ?? 0)) throw error;
      if (performance.now() > giveUpAt) throw longTransactions(database);
      call.report({ label: "waiting for transactions that are open on the old database" });
      await call.clock.sleep(PAUSE_MS, call.signal);
    }
  }
}

/** Each lane once; one whose worker is told to stop is closed at once. */
function handOut(lanes: readonly OpenLane[]): OpenLanes {
  const left = [...lanes];
  return async (signal) => {
    const lane = left.shift();
    if (lane === undefined) throw new Error("more workers than lanes");
    signal.addEventListener("abort", () => lane.close(), { once: true });
    return lane;
  };
}

/**
 * Begins a snapshot in so many lanes, and notes the place in the log that it is of. Only this database's tables are
 * locked, against writing and for some milliseconds: what was committed to them lies before that place, everything else
 * behind it.
 */
export async function beginShared(
  pair: DatabasePair,
  count: number,
  call: EngineCall,
): Promise<SharedSnapshot> {
  const lanes: OpenLane[] = [];
  const close = (): void => {
    for (const lane of lanes) lane.close();
  };
  try {
    while (lanes.length < count) lanes.push(await connectLane(pair, call.signal));
    const position = await withSession(
      asAdmin(pair.source.server),
      { signal: call.signal },
      async (session) => {
        await lockTables(session, pair.source.database, call);
        await Promise.all(lanes.map(beginSnapshot));
        return readEnd(session);
      },
    );
    return { position, openLanes: handOut(lanes), close };
  } catch (error) {
    close();
    throw error;
  }
}
