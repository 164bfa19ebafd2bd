import {
  type CatalogProvider,
  findPlan,
  findProvider,
  type Plan,
  type ProviderId,
} from "../catalog/catalog.ts";
import type { PlatformClock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Access, Addon, ReadOnlyUser } from "../model.ts";
import type { Settings } from "../settings.ts";

const yearMs = 365 * 24 * 3600 * 1000;

/** What a test says of an add-on; the rest is made up. */
export interface AddonOptions {
  readonly provider?: ProviderId;
  /** Slug or id; `xs_sml`, or the provider's first plan. */
  readonly plan?: string;
  /** As the API wants it; the provider's oldest one when left out. */
  readonly version?: string;
  readonly zone?: string;
  readonly name?: string;
  readonly id?: string;
  /** Milliseconds since it was created; a year. */
  readonly ageMs?: number;
  readonly ownerId?: string;
  /** How many read-only users it has. */
  readonly readOnlyUsers?: number;
  /** Whether a direct host and port were generated. */
  readonly hasDirectAccess?: boolean;
  readonly isEncrypted?: boolean;
  /** Active extensions of PostgreSQL; a migration to a version without one of them fails. */
  readonly extensions?: readonly string[];
}

export class Addons {
  readonly all: Addon[] = [];
  readonly #ids: Ids;
  readonly #clock: PlatformClock;
  readonly #settings: Settings;

  constructor(ids: Ids, clock: PlatformClock, settings: Settings) {
    this.#ids = ids;
    this.#clock = clock;
    this.#settings = settings;
  }

  seed(options: AddonOptions): Addon {
    const provider = findProvider(options.provider ?? "postgresql-addon");
    const plan = findPlan(provider, options.plan ?? defaultPlan(provider));
    const zone = options.zone ?? "par";
    const addon: Addon = {
      id: options.id ?? this.#ids.next("addon"),
      ownerId: options.ownerId ?? this.#settings.ownerId,
      name: options.name ?? `${provider.name.toLowerCase()}-${this.all.length + 1}`,
      provider,
      plan,
      zone,
      version: options.version ?? defaultVersion(provider, plan),
      createdAtMs: this.#clock.now() - (options.ageMs ?? yearMs),
      isEncrypted: options.isEncrypted ?? false,
      extensions: options.extensions ?? [],
      access: this.newAccess(provider),
      readOnlyUsers: Array.from({ length: options.readOnlyUsers ?? 0 }, () => this.#readOnlyUser()),
      direct: options.hasDirectAccess === true ? this.#direct(zone) : undefined,
      isReadOnly: false,
    };
    this.all.push(addon);
    return addon;
  }

  /** By `addon_…`. */
  find(ownerId: string, addonId: string): Addon | undefined {
    return this.all.find((addon) => addon.id === addonId && addon.ownerId === ownerId);
  }

  /** Where a new instance is reached. Host names are those of the real platform ("pkg/tmp/addon.go"). */
  newAccess(provider: CatalogProvider): Access {
    const database = this.#ids.word();
    const service = provider.realIdPrefix.slice(0, -1);
    return {
      realId: `${provider.realIdPrefix}${this.#ids.uuid()}`,
      host: `${database}-${service}.services.clever-cloud.com`,
      port: this.#ids.port(),
      database,
      user: this.#ids.word(),
      password: this.#ids.word(),
    };
  }

  #readOnlyUser(): ReadOnlyUser {
    return { user: this.#ids.word(), password: this.#ids.word() };
  }

  /** guess: how direct hosts are named. */
  #direct(zone: string): { host: string; port: number } {
    return { host: `n${this.#ids.port()}.${zone}.clever-cloud.com`, port: this.#ids.port() };
  }
}

function defaultPlan(provider: CatalogProvider): string {
  const slugs = provider.plans.map(({ slug }) => slug);
  return slugs.includes("xs_sml") ? "xs_sml" : (slugs[0] ?? "");
}

function defaultVersion(provider: CatalogProvider, plan: Plan): string {
  const offered = plan.isShared ? provider.versions.shared : provider.versions.dedicated;
  return offered[0] ?? "1";
}
