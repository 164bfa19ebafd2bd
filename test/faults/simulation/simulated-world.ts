/** One add-on as it really is, whatever Godwit's records say. */
export interface AddonTruth {
  /** Database that the applications use, as their env files say. */
  usedBy: string;
  /** Databases that exist, and the migration that made each. */
  readonly databases: Map<string, string>;
  /** Since when applications cannot write, by the migration that fenced; null while they can. */
  fence: { readonly migrationId: string; readonly since: number; readonly deadline: number } | null;
  /** Databases that their applications can no longer enter. */
  readonly closed: Set<string>;
  /** Restarts by their idempotency key: a second one with the same key does nothing. */
  readonly restarts: Map<string, number>;
}

/** The fleet outside of Godwit: what its steps do stays done, whoever dies. */
export class SimulatedWorld {
  readonly addons = new Map<string, AddonTruth>();
  /** When each fence was taken away, and when it should have been. */
  readonly openings: { readonly at: number; readonly deadline: number }[] = [];
  /** Databases that were made under a name that another attempt had made before. */
  doubled = 0;

  addon(id: string): AddonTruth {
    const known = this.addons.get(id) ?? {
      usedBy: "old",
      databases: new Map([["old", "nobody"]]),
      fence: null,
      closed: new Set<string>(),
      restarts: new Map<string, number>(),
    };
    this.addons.set(id, known);
    return known;
  }

  /** Makes a database once per key, as a provider with idempotency keys or names that can be looked up. */
  create(addonId: string, key: string, migrationId: string): string {
    const { databases } = this.addon(addonId);
    const others = [...databases].filter(([name, maker]) => maker === migrationId && name !== key);
    this.doubled += others.length;
    databases.set(key, migrationId);
    return key;
  }

  drop(addonId: string, migrationId: string): void {
    const addon = this.addon(addonId);
    for (const [name, maker] of addon.databases)
      if (maker === migrationId && name !== addon.usedBy) addon.databases.delete(name);
  }

  fenceOff(addonId: string, fence: NonNullable<AddonTruth["fence"]>): void {
    const addon = this.addon(addonId);
    addon.fence ??= fence;
  }

  open(addonId: string, migrationId: string, now: number): void {
    const addon = this.addon(addonId);
    if (addon.fence?.migrationId !== migrationId) return;
    // Once its applications have moved the old database may stay closed for as long as tidying up takes.
    const hasMoved = addon.databases.get(addon.usedBy) === migrationId;
    if (!hasMoved) this.openings.push({ at: now, deadline: addon.fence.deadline });
    addon.fence = null;
  }

  restart(addonId: string, key: string): void {
    const { restarts } = this.addon(addonId);
    restarts.set(key, (restarts.get(key) ?? 0) + 1);
  }
}
