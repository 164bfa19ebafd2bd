import type { PlatformClock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Plot } from "../migration/plot.ts";
import { stepsOf, weightOf } from "../migration/steps.ts";
import type { Addon, Migration, MigrationStep, Placement } from "../model.ts";

const dayMs = 24 * 3600 * 1000;

/** A migration that ended in the past, for "last time it took…". */
export interface PastMigrationOptions {
  readonly addon: Addon;
  /** Milliseconds since it was requested; a day. */
  readonly agoMs?: number;
  /** Milliseconds of one ordinary step. */
  readonly stepMs?: number;
  /** Milliseconds of DUMP_AND_RESTORE. */
  readonly copyMs?: number;
}

export class Migrations {
  readonly all: Migration[] = [];
  readonly #ids: Ids;
  readonly #clock: PlatformClock;

  constructor(ids: Ids, clock: PlatformClock) {
    this.#ids = ids;
    this.#clock = clock;
  }

  /** Oldest first. guess: the order of the answer is not documented; the official client sorts it itself. */
  of(addon: Addon): Migration[] {
    return this.all
      .filter(({ addonId }) => addonId === addon.id)
      .toSorted((one, other) => one.requestedAtMs - other.requestedAtMs);
  }

  find(addon: Addon, migrationId: string): Migration | undefined {
    return this.of(addon).find(({ id }) => id === migrationId);
  }

  running(addon: Addon): Migration | undefined {
    return this.of(addon).find(({ status }) => status === "RUNNING" || status === "RECOVERING");
  }

  add(addon: Addon, target: Placement, plot: Plot): Migration {
    const migration: Migration = {
      id: this.#ids.next("migration"),
      addonId: addon.id,
      requestedAtMs: this.#clock.now(),
      source: placementOf(addon),
      target,
      plot,
      status: "RUNNING",
      steps: [],
    };
    this.all.push(migration);
    return migration;
  }

  /** A successful refresh in the past. */
  seed(options: PastMigrationOptions): Migration {
    const { addon, agoMs = dayMs, stepMs = 2000, copyMs = 60_000 } = options;
    const placement = placementOf(addon);
    const requestedAtMs = this.#clock.now() - agoMs;
    const steps: MigrationStep[] = [];
    let atMs = requestedAtMs;
    for (const value of stepsOf(addon.provider.id, placement, placement)) {
      const ms = value === "DUMP_AND_RESTORE" ? copyMs : stepMs * weightOf(value);
      steps.push({ value, status: "OK", startedAtMs: atMs, endedAtMs: atMs + ms });
      atMs += ms;
    }
    const id = this.#ids.next("migration");
    const common = { id, addonId: addon.id, requestedAtMs, plot: {}, status: "OK" as const };
    const migration: Migration = { ...common, source: placement, target: placement, steps };
    this.all.push(migration);
    return migration;
  }
}

export function placementOf(addon: Addon): Placement {
  return { plan: addon.plan, zone: addon.zone, version: addon.version };
}
