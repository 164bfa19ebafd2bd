import type { DatabasePair } from "../../../core/ports/engine.ts";
import { asAdmin, openSession } from "../session.ts";
import { Wire } from "./wire.ts";

/** A worker's two sessions. */
export interface Lane {
  readonly source: Wire;
  readonly target: Wire;
}

/** Opens both sessions of a worker; the caller closes them. They are in no database, so that a fence spares them. */
export async function openLane(
  { source, target }: DatabasePair,
  signal: AbortSignal,
): Promise<Lane & { close(): void }> {
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
    await lane.source.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    await lane.target.run("SET SESSION unique_checks = 0");
    return { ...lane, close };
  } catch (error) {
    close();
    throw error;
  }
}
