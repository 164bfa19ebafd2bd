import { z } from "zod";
import { crashPoint } from "../../core/crash-point.ts";
import { GodwitError } from "../../core/failure.ts";
import type { Engine } from "../../core/ports/engine.ts";
import type { Followed, ReverseReplication } from "../../core/ports/reverse-replication.ts";
import type { JsonObject } from "../../core/step.ts";
import type { Fleet } from "./fleet.ts";
import { engineOn, type Location, locationSchema, reachOf } from "./location.ts";
import { onServer } from "./server-reach.ts";

/** Whether an old database follows, as the switch and the last step of a migration have noted it. */
export type Following =
  | { readonly follows: true; readonly notes: JsonObject }
  /** A whole sentence. */
  | { readonly follows: false; readonly reason: string };

const followingSchema = z.union([
  z.object({ follows: z.literal(true), notes: z.record(z.string(), z.json()) }),
  z.object({ follows: z.literal(false), reason: z.string() }),
]);

/** Reads what a step has noted; null where it has noted nothing. */
export function readFollowing(stored: unknown): Following | null {
  return followingSchema.safeParse(stored).data ?? null;
}

/** Both places of a migration: the database in service, and the one that was left. */
export interface FollowedPlaces {
  readonly now: Location;
  readonly old: Location;
}

/** Where a migration has moved its add-on, from what its steps have noted. */
export async function placesOf(fleet: Fleet, migrationId: string): Promise<FollowedPlaces | undefined> {
  const [check, provision] = await Promise.all(
    ["check", "provision"].map((step) => fleet.store.stepOutput(migrationId, step)),
  );
  const now = locationSchema.safeParse(provision?.["target"]);
  const old = locationSchema.safeParse(check?.["source"]);
  return now.success && old.success ? { now: now.data, old: old.data } : undefined;
}

/** What has to be known of the old database of a migration to return to it without a loss; undefined when it does not follow. */
export async function followedOf(fleet: Fleet, migrationId: string): Promise<Followed | undefined> {
  const finish = await fleet.store.stepOutput(migrationId, "finish");
  const following = readFollowing(finish?.["following"]);
  if (following?.follows !== true) return undefined;
  return followedBy(fleet, migrationId, following.notes);
}

/** A migration's stream back: named after it, and given up past the fleet's limit. */
export function followedBy(fleet: Fleet, id: string, notes: JsonObject): Followed {
  return { id, backlogLimitBytes: fleet.config.replicationLimitBytes, notes };
}

/** How an engine replicates back. Throws a `GodwitError` when it does not. */
export function reverseOf({ name, reverseReplication }: Engine): ReverseReplication {
  if (reverseReplication !== undefined) return reverseReplication;
  throw new GodwitError({
    code: "following-not-built",
    summary: `Godwit does not let old ${name} databases follow.`,
    remedy: "Ask for the return again; it then says what would be lost.",
  });
}

/** Takes away what stands of a migration's stream back, whoever made it; tells whether this process ended it. */
export async function endFollowing(fleet: Fleet, migrationId: string, signal: AbortSignal): Promise<boolean> {
  const switchOver = await fleet.store.stepOutput(migrationId, "switch-over");
  const isNeverBegun = switchOver !== undefined && readFollowing(switchOver["following"]) === null;
  const places = isNeverBegun ? undefined : await placesOf(fleet, migrationId);
  if (places !== undefined) {
    const { reverseReplication } = engineOn(fleet, places.old.serverId);
    const pair = { source: reachOf(fleet, places.now), target: reachOf(fleet, places.old) };
    await onServer(places.old.serverId, async () => reverseReplication?.end(pair, migrationId, signal));
    crashPoint("following: ended");
  }
  return await fleet.store.endFollowing(migrationId);
}
