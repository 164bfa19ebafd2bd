import { GodwitError } from "../../core/failure.ts";
import type { RetiredDatabase } from "../../core/ports/fleet.ts";
import type { SweepNews } from "../../core/ports/provider.ts";
import type { Fleet } from "./fleet.ts";
import {
  endFollowing,
  type FollowedPlaces,
  followedBy,
  followedOf,
  placesOf,
  readFollowing,
  reverseOf,
} from "./following.ts";
import { engineOn, openAccess } from "./location.ts";

/**
 * Looks after the old databases that follow: what no longer does, keeps too much of a production server's log, or is of
 * no use any more, is taken away, and the thread is told where somebody may count on it.
 */
export async function sweepFollowing(fleet: Fleet, signal: AbortSignal): Promise<SweepNews[]> {
  const news: SweepNews[] = [];
  for (const retired of await fleet.store.following(fleet.config.name)) {
    signal.throwIfAborted();
    try {
      const told = await sweepOne(fleet, retired, signal);
      if (told !== undefined) news.push(told);
    } catch (error) {
      signal.throwIfAborted();
      fleet.log.warn(
        { migrationId: retired.migrationId, err: error },
        "old database that follows not looked at",
      );
    }
  }
  return news;
}

async function sweepOne(
  fleet: Fleet,
  { migrationId, addonId }: RetiredDatabase,
  signal: AbortSignal,
): Promise<SweepNews | undefined> {
  const places = await placesOf(fleet, migrationId);
  if (places === undefined || !(await isThere(fleet, addonId, places))) {
    await endFollowing(fleet, migrationId, signal);
    return undefined;
  }
  const reason = await whyNot(fleet, { migrationId, places, signal });
  if (reason === null || !(await endFollowing(fleet, migrationId, signal))) return undefined;
  return reason === "" ? undefined : { kind: "following-ended", migrationId, reason };
}

/** Once the add-on has moved on, nobody returns to that old database. */
async function isThere(fleet: Fleet, addonId: string, { now }: FollowedPlaces): Promise<boolean> {
  const record = await fleet.store.addon(fleet.config.name, addonId);
  return record?.serverId === now.serverId && record.database === now.database;
}

interface Looking {
  readonly migrationId: string;
  readonly places: FollowedPlaces;
  readonly signal: AbortSignal;
}

/** Why it has to end; empty when nobody was told that it follows, null when it goes on. */
async function whyNot(fleet: Fleet, { migrationId, places, signal }: Looking): Promise<string | null> {
  const [switchOver, finish] = await Promise.all(
    ["switch-over", "finish"].map((step) => fleet.store.stepOutput(migrationId, step)),
  );
  const ended = readFollowing((finish ?? switchOver)?.["following"]);
  if (ended?.follows === false) return "";
  const engine = reverseOf(engineOn(fleet, places.old.serverId));
  const pair = { source: await openAccess(fleet, places.now), target: await openAccess(fleet, places.old) };
  const followed = await followedOf(fleet, migrationId);
  try {
    if (followed === undefined) await engine.assertBounded(pair, followedBy(fleet, migrationId, {}), signal);
    else await engine.assertFollowing(pair, followed, signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GodwitError) || error.class !== "permanent") throw error;
    return error.summary;
  }
}
