import type { Secret } from "../secret.ts";
import type { JsonObject } from "../step.ts";
import type { Strategy } from "../target.ts";

/** Where an add-on of a fleet lives now. The store is the truth after an add-on was adopted once. */
export interface FleetAddon {
  readonly id: string;
  readonly providerName: string;
  readonly name: string;
  readonly engine: string;
  readonly serverId: string;
  readonly planId: string;
  readonly database: string;
  readonly username: string;
  readonly secretRef: string;
  readonly applications: readonly string[];
}

/** A database that an add-on has left and that is kept, closed, until `dropAt`. */
export interface RetiredDatabase {
  readonly migrationId: string;
  readonly addonId: string;
  readonly providerName: string;
  readonly serverId: string;
  readonly database: string;
  readonly username: string;
  readonly dropAt: Date;
  readonly announcedAt: Date | null;
}

/** What a past migration measured, for the next estimate. */
export interface Measurement {
  readonly providerName: string;
  readonly engine: string;
  readonly bytes: number;
  readonly readOnlyMs: number;
  readonly strategy: Strategy;
}

/** The fleet's records in Godwit's own database. */
export interface FleetStore {
  /** Inserts the add-on unless it was adopted before; then the stored location stands. */
  adopt(addon: FleetAddon, password: Secret): Promise<void>;
  addons(providerName: string): Promise<readonly FleetAddon[]>;
  addon(providerName: string, id: string): Promise<FleetAddon | undefined>;
  putSecret(ref: string, value: Secret): Promise<void>;
  /** The secret's value; undefined when there is none under this name. */
  secret(ref: string): Promise<Secret | undefined>;
  deleteSecret(ref: string): Promise<void>;
  retired(providerName: string): Promise<readonly RetiredDatabase[]>;
  /** False when another process did it before, which then tells it. */
  markAnnounced(migrationId: string): Promise<boolean>;
  /** Keeps an old database from being dropped while the migration `by` lives. False when it is gone, or about to be. */
  holdRetired(migrationId: string, by: string): Promise<boolean>;
  /** Takes the right to drop an old database; false while a migration that lives holds it. */
  claimDrop(migrationId: string): Promise<boolean>;
  /** False as with `markAnnounced`. */
  removeRetired(migrationId: string): Promise<boolean>;
  /** Notes, before anything of it is made, that the old database is to follow the new one. */
  beginFollowing(migrationId: string): Promise<void>;
  /** Old databases that follow, returned ones included; without those that a living migration returns to. */
  following(providerName: string): Promise<readonly RetiredDatabase[]>;
  /** Notes that nothing of it is left. False as with `markAnnounced`. */
  endFollowing(migrationId: string): Promise<boolean>;
  /** Output of a finished step of a migration; undefined when it has not finished. */
  stepOutput(migrationId: string, step: string): Promise<JsonObject | undefined>;
  measurements(providerName: string, engine: string): Promise<readonly Measurement[]>;
}
