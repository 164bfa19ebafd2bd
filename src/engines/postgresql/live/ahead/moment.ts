import type pg from "pg";
import type { DatabasePair } from "../../../../core/ports/engine.ts";
import { asAdmin, closeSession, openSession, withSession } from "../../session.ts";
import { quoteText } from "../../sql.ts";
import type { Sides } from "../../verify/sides.ts";
import { untilReached, writeMark } from "../mark.ts";

/** How both sides are opened. */
export interface MomentOptions {
  /** Snapshot of the source, which somebody has just exported. */
  readonly snapshot: string;
  /** The slot through which the target follows. */
  readonly slot: string;
  /** Pairs of sessions; at least 1. */
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs `work` with pairs of sessions that see the source as of its snapshot, and the target as of one moment
 * at which it has everything that the snapshot shows, and perhaps some of what came later.
 */
export async function atMoment<T>(
  pair: DatabasePair,
  { snapshot, slot, jobs, signal }: MomentOptions,
  work: (lanes: readonly Sides[]) => Promise<T>,
): Promise<T> {
  const clients: pg.Client[] = [];
  const open = async (side: "source" | "target", shown: string | null): Promise<pg.Client> => {
    const { server, database } = pair[side];
    const client = await openSession(asAdmin(server, database), { name: "godwit verify", signal });
    clients.push(client);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (shown !== null) await client.query(`SET TRANSACTION SNAPSHOT ${quoteText(shown)}`);
    return client;
  };
  try {
    const sources: pg.Client[] = [];
    for (let lane = 0; lane < jobs; lane += 1) sources.push(await open("source", snapshot));
    await untilApplied(pair, slot, signal);
    const first = await open("target", null);
    const { rows } = await first.query("SELECT pg_export_snapshot() AS shown");
    const targets = [first];
    while (targets.length < jobs) targets.push(await open("target", String(rows[0].shown)));
    return await work(
      sources.flatMap((source, lane) => targets.slice(lane, lane + 1).map((target) => ({ source, target }))),
    );
  } finally {
    await Promise.all(clients.map(closeSession));
  }
}

function untilApplied({ source }: DatabasePair, slot: string, signal: AbortSignal): Promise<void> {
  const login = asAdmin(source.server, source.database);
  return withSession(login, { name: "godwit verify", signal }, async (admin) =>
    untilReached(admin, "applied", { mark: await writeMark(admin, slot), signal }),
  );
}
