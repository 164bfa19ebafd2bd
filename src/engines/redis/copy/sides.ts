import type { Redis } from "ioredis";
import type { DatabasePair } from "../../../core/ports/engine.ts";
import { asAdmin, withSession } from "../session.ts";

/** Sessions on both sides, in the same numbered database. */
export interface Sides {
  readonly source: Redis;
  readonly target: Redis;
}

/** Opens a session on each side; both end when the work does. */
export function withSides<T>(
  { source, target }: DatabasePair,
  options: { readonly name: string; readonly signal: AbortSignal },
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  return withSession(asAdmin(source.server), options, (from) =>
    withSession(asAdmin(target.server), options, (to) => work({ source: from, target: to })),
  );
}

/** Selects a numbered database on both sides. */
export async function selectBoth({ source, target }: Sides, database: number): Promise<void> {
  await Promise.all([source.call("SELECT", database), target.call("SELECT", database)]);
}

/** Whether both sides know fields of hashes that expire: Redis from 7.4, Valkey from 9.0. */
export async function knowExpiringFields({ source, target }: Sides): Promise<boolean> {
  const known = await Promise.all(
    [source, target].map(async (side) => {
      const [info] = (await side.call("COMMAND", "INFO", "HPEXPIRETIME")) as unknown[];
      return info !== null && info !== undefined;
    }),
  );
  return known.every(Boolean);
}
