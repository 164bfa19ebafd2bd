import type { DatabasePair } from "../../../core/ports/engine.ts";
import { asAdmin, openSession } from "../session.ts";
import { Wire } from "./wire.ts";

/** A worker's two sessions. */
export interface Lane {
  readonly source: Wire;
  readonly target: Wire;
}

/** A lane that somebody has to close. */
export interface OpenLane extends Lane {
  close(): void;
}

/** Opens a lane whose source sees everything as of now, until it is closed. */
export async function openLane(pair: DatabasePair, signal: AbortSignal): Promise<OpenLane> {
  const lane = await connectLane(pair, signal);
  try {
    await beginSnapshot(lane);
    return lane;
  } catch (error) {
    lane.close();
    throw error;
  }
}

/** From here on the lane's source shows what is committed now. */
export async function beginSnapshot({ source }: Lane): Promise<void> {
  await source.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

/** Opens both sessions of a worker; the caller closes them. They are in no database, so that a fence spares them. */
export async function connectLane({ source, target }: DatabasePair, signal: AbortSignal): Promise<OpenLane> {
  const from = await openSession(asAdmin(source.server), { signal });
  const to = await openSession(asAdmin(target.server), { signal }).catch(async (error: unknown) => {
    await from.close();
    throw error;
  });
  const lane = { source: new Wire(from), target: new Wire(to) };
  lane.target.onDrain(() => lane.source.resume());
  const close = (): void => {
    lane.source.close();
    lane.target.close();
  };
  try {
    // Text leaves the source as it is stored, in each column's own character set.
    await lane.source.run("SET SESSION character_set_results = NULL");
    await lane.target.run("SET SESSION unique_checks = 0");
    return { ...lane, close };
  } catch (error) {
    close();
    throw error;
  }
}
