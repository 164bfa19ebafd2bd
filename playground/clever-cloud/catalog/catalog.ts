import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** The providers of the catalog; `kv` stands for everything that cannot be migrated. */
export type ProviderId =
  | "postgresql-addon"
  | "mysql-addon"
  | "mongodb-addon"
  | "redis-addon"
  | "es-addon"
  | "kv";

export interface Plan {
  readonly slug: string;
  readonly name: string;
  readonly id: string;
  readonly isShared: boolean;
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly maxConnections?: number;
  readonly maxDatasetBytes?: number;
  readonly databases?: number;
  readonly nodes?: number;
  /** What the price system says; absent where no source knows it. */
  readonly pricePerHour?: number;
  /** The outdated `price` that the plan object itself carries. */
  readonly planPrice?: number;
  readonly priceId: string;
  readonly isMigratable?: boolean;
  readonly hasBackups?: boolean;
  /** Existing add-ons may have it; nobody can choose it any more (`zones: []`). */
  readonly isLegacy?: boolean;
}

export interface CatalogProvider {
  readonly id: ProviderId;
  readonly name: string;
  readonly realIdPrefix: string;
  readonly canUpgrade: boolean;
  readonly zones: readonly string[];
  readonly versions: { readonly dedicated: readonly string[]; readonly shared: readonly string[] };
  readonly env: readonly string[];
  readonly directEnv: readonly string[];
  readonly plans: readonly Plan[];
}

export interface Zone {
  readonly name: string;
  readonly city?: string;
  readonly country: string;
  readonly countryCode: string;
  readonly infra?: string;
  readonly isHds: boolean;
  readonly lat: number;
  readonly lon: number;
}

type RawPlan = Partial<Plan> & { readonly slug: string; readonly priceId: string };

interface RawCatalog {
  readonly currency: string;
  readonly zones: readonly Zone[];
  readonly steps: readonly string[];
  readonly providers: readonly (Omit<CatalogProvider, "plans"> & { readonly plans: readonly RawPlan[] })[];
}

/**
 * Plans, prices and versions as of 2026-11: a captured answer of the API and the price system of zone par in euros
 * ("clever-components, src/stories/fixtures"), versions and zones of the documentation. What no source knows is absent.
 */
const raw = JSON.parse(readFileSync(new URL("catalog.json", import.meta.url), "utf8")) as RawCatalog;

export const currency = raw.currency;
export const zones = raw.zones;

/** Every step name of the platform that a source names, in no order. */
export const stepNames = raw.steps;

export const providers: readonly CatalogProvider[] = raw.providers.map((provider) => ({
  ...provider,
  plans: provider.plans.map(completePlan),
}));

/** @throws Error when the catalog has none of that name */
export function findProvider(id: string): CatalogProvider {
  const provider = providers.find((provider) => provider.id === id);
  if (!provider) throw new Error(`the catalog has no provider ${id}`);
  return provider;
}

/** @param key a slug or an id @throws Error when the provider has no such plan */
export function findPlan(provider: CatalogProvider, key: string): Plan {
  const plan = provider.plans.find(({ slug, id }) => slug === key || id === key);
  if (!plan) throw new Error(`${provider.id} has no plan ${key}`);
  return plan;
}

/** Zones where a plan can be chosen. guess: the same for all plans of a provider, as in the captured fixture. */
export function zonesOf(provider: CatalogProvider, plan: Plan): readonly string[] {
  return plan.isLegacy === true ? [] : provider.zones;
}

/**
 * guess: plans without an id in any source (Redis `*_mono`, `*_gnt`) get one made of their price id, and count as
 * dedicated, because only DEV plans are known to be shared.
 */
function completePlan(plan: RawPlan): Plan {
  const name = plan.name ?? plan.slug.toUpperCase().replace("_", " ");
  return { ...plan, name, isShared: plan.isShared ?? false, id: plan.id ?? `plan_${uuidOf(plan.priceId)}` };
}

/** A UUID that is the same for the same text. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
