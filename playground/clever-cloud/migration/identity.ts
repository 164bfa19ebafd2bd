import type { Access, Addon, Migration, Placement, ReadOnlyUser } from "../model.ts";
import { placementOf } from "../state/migrations.ts";
import type { World } from "../world.ts";

interface Former {
  readonly access: Access;
  readonly placement: Placement;
  readonly readOnlyUsers: readonly ReadOnlyUser[];
  readonly direct: Addon["direct"];
}

/** What an add-on is reached by, while one migration changes it. */
export class Identity {
  readonly #world: World;
  readonly #addon: Addon;
  readonly #migration: Migration;
  #former: Former | undefined;

  constructor(world: World, addon: Addon, migration: Migration) {
    this.#world = world;
    this.#addon = addon;
    this.#migration = migration;
  }

  afterStep(step: string): void {
    if (step === "UPDATE_ADDON") this.#switch();
    if (step === "ENABLE_EDIT_RIGHT") this.#addon.isReadOnly = false;
  }

  /** Back on the old instance, when the switch was made already. guess: applications are restarted once more. */
  restore(): void {
    this.#addon.isReadOnly = false;
    if (!this.#former) return;
    const { placement, ...rest } = this.#former;
    Object.assign(this.#addon, rest, placement);
    this.#restartApplications();
  }

  /** Read-only users are carried over on PostgreSQL only ("shared/db-migration.md"); direct access is lost on all. */
  #switch(): void {
    const addon = this.#addon;
    const { access, readOnlyUsers, direct } = addon;
    this.#former = { access, readOnlyUsers, direct, placement: placementOf(addon) };
    Object.assign(addon, this.#migration.target, { access: this.#newAccess() });
    addon.direct = undefined;
    if (addon.provider.id !== "postgresql-addon") addon.readOnlyUsers = [];
    this.#restartApplications();
  }

  #newAccess(): Access {
    const { access, provider } = this.#addon;
    const { source, target } = this.#migration;
    const fresh = this.#world.addons.newAccess(provider);
    const isDedicated = !source.plan.isShared && !target.plan.isShared;
    if (this.#world.settings.identity === "new" || !isDedicated) return fresh;
    return { ...access, realId: fresh.realId, port: fresh.port };
  }

  /**
   * The platform restarts linked applications itself ("shared/db-migration.md"). guess: soon after UPDATE_ADDON rather
   * than at the end, for what cause, and that one that is stopped stays so.
   */
  #restartApplications(): void {
    const { clock, settings } = this.#world;
    clock.schedule(settings.pace.restartDelayMs, () => {
      for (const application of this.#world.linkedApplications(this.#addon)) {
        if (application.state === "SHOULD_BE_UP")
          this.#world.deployments.start(application, "addon migration");
      }
    });
  }
}
