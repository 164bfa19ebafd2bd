import type { PlatformClock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Addon, Application } from "../model.ts";
import type { Settings } from "../settings.ts";

const yearMs = 365 * 24 * 3600 * 1000;

export interface ApplicationOptions {
  readonly name?: string;
  readonly id?: string;
  /** Add-ons whose variables it gets. */
  readonly linkedTo?: readonly Addon[];
  /** Its own variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly zone?: string;
  readonly ownerId?: string;
  /** A stopped application is SHOULD_BE_DOWN and is not restarted by a migration. */
  readonly isStopped?: boolean;
}

export class Applications {
  readonly all: Application[] = [];
  readonly #ids: Ids;
  readonly #clock: PlatformClock;
  readonly #settings: Settings;

  constructor(ids: Ids, clock: PlatformClock, settings: Settings) {
    this.#ids = ids;
    this.#clock = clock;
    this.#settings = settings;
  }

  seed(options: ApplicationOptions): Application {
    const application: Application = {
      id: options.id ?? this.#ids.next("app"),
      ownerId: options.ownerId ?? this.#settings.ownerId,
      name: options.name ?? `app-${this.all.length + 1}`,
      zone: options.zone ?? "par",
      createdAtMs: this.#clock.now() - yearMs,
      commit: this.#ids.commit(),
      state: options.isStopped === true ? "SHOULD_BE_DOWN" : "SHOULD_BE_UP",
      env: Object.entries(options.env ?? {}).map(([name, value]) => ({ name, value })),
      addonIds: new Set(options.linkedTo?.map(({ id }) => id)),
    };
    this.all.push(application);
    return application;
  }

  find(ownerId: string, applicationId: string): Application | undefined {
    return this.all.find(({ id, ownerId: owner }) => id === applicationId && owner === ownerId);
  }
}
