import { z } from "zod";
import { GodwitError } from "../../core/failure.ts";
import type { JsonObject } from "../../core/step.ts";
import type { Fleet } from "./fleet.ts";
import { type Location, locationOf, readLocation } from "./location.ts";

/** Where an add-on came from by a migration, and what was noted of the way. */
export interface WayBack {
  /** The database that was left. */
  readonly old: Location;
  /** The database that it went to. */
  readonly now: Location;
  /** When it was left, as the engine notes it; null in migrations of an older Godwit. */
  readonly mark: JsonObject | null;
  /** Who could enter it; null as with the mark. */
  readonly entrance: JsonObject | null;
}

const object = z.record(z.string(), z.json());

/**
 * Reads the way back of a migration that has succeeded. Throws a `GodwitError`: `superseded` when the add-on is no
 * longer where that migration brought it, `old-database-gone` when the old database is not kept any more.
 */
export async function readWayBack(fleet: Fleet, migrationId: string, addonId: string): Promise<WayBack> {
  const [check, provision, switchOver, finish] = await Promise.all(
    ["check", "provision", "switch-over", "finish"].map((step) => fleet.store.stepOutput(migrationId, step)),
  );
  const target = provision?.["target"] ?? check?.["target"];
  if (check === undefined || switchOver === undefined || target === undefined) throw gone();
  const now = readLocation(target);
  await assertThere(fleet, addonId, now);
  const kept = await fleet.store.retired(fleet.config.name);
  if (!kept.some((retired) => retired.migrationId === migrationId)) throw gone();
  return {
    old: readLocation(check["source"]),
    now,
    mark: object.safeParse(switchOver["mark"]).data ?? null,
    entrance: object.safeParse(finish?.["entrance"]).data ?? null,
  };
}

async function assertThere(fleet: Fleet, addonId: string, now: Location): Promise<void> {
  const record = await fleet.store.addon(fleet.config.name, addonId);
  const here = record && locationOf(record);
  if (here?.serverId === now.serverId && here.database === now.database) return;
  throw new GodwitError({
    code: "superseded",
    summary:
      "The add-on has moved on since that migration, so the database that it left then is out of date.",
    remedy: "Look at /db history for the newest migration, and revert that one.",
  });
}

/** Also while it is being dropped: half of it may be gone. */
export function gone(): GodwitError {
  return new GodwitError({
    code: "old-database-gone",
    summary: "The old database is not kept any more, so there is nothing to return to.",
    remedy: "Ask support for a backup, or migrate with /db migrate.",
  });
}
