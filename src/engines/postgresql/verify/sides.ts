import type pg from "pg";
import type { DatabasePair } from "../../../core/ports/engine.ts";
import { asAdmin, closeSession, openSession } from "../session.ts";

const NAME = "godwit verify";

/** A session of the administrator on each side. */
export interface Sides {
  readonly source: pg.Client;
  readonly target: pg.Client;
}

/** Runs `work` with a session on each side. */
export function withSides<T>(
  pair: DatabasePair,
  signal: AbortSignal,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  return withManySides(pair, { count: 1, signal }, ([sides]) => {
    if (sides === undefined) throw new Error("no session to compare with");
    return work(sides);
  });
}

/** Runs `work` with several sessions on each side; a failure ends them all. @param count at least 1 */
export async function withManySides<T>(
  pair: DatabasePair,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
  work: (lanes: readonly Sides[]) => Promise<T>,
): Promise<T> {
  const open = (side: "source" | "target") =>
    openSession(asAdmin(pair[side].server, pair[side].database), { name: NAME, signal });
  const opened = await Promise.allSettled(
    Array.from({ length: count * 2 }, (_, place) => open(place % 2 === 0 ? "source" : "target")),
  );
  const clients = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  try {
    const failed = opened.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const lanes = Array.from({ length: count }, (_, place) => clients.slice(place * 2, place * 2 + 2));
    return await work(lanes.flatMap(([source, target]) => (source && target ? [{ source, target }] : [])));
  } finally {
    await Promise.all(clients.map(closeSession));
  }
}
