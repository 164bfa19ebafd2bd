import type { Clock } from "../../core/ports/clock.ts";
import type { CleverCloudApi } from "./api/client.ts";
import type { ApiPrices, ApiProduct, ApiVersions, ApiZone } from "./api/schemas.ts";
import { remember } from "./remember.ts";

const MINUTE_MS = 60_000;
const KEPT_MS = 10 * MINUTE_MS;
/** A person confirms a price, so it is never older than this. */
const PRICES_KEPT_MS = 30_000;

/** What the platform offers; read once in a while. */
export interface Catalogue {
  product(providerId: string, signal: AbortSignal): Promise<ApiProduct>;
  versions(providerId: string, signal: AbortSignal): Promise<ApiVersions | undefined>;
  zones(signal: AbortSignal): Promise<readonly ApiZone[]>;
  prices(zone: string, signal: AbortSignal): Promise<ApiPrices>;
}

export function createCatalogue(api: CleverCloudApi, clock: Clock): Catalogue {
  const kept = { clock, forMs: KEPT_MS, keyOf: (id: string) => id };
  const zones = remember(kept, (_, signal) => api.zones(signal));
  return {
    product: remember(kept, (id, signal) => api.product(id, signal)),
    versions: remember(kept, (id, signal) => api.versions(id, signal)),
    zones: (signal) => zones("", signal),
    prices: remember({ ...kept, forMs: PRICES_KEPT_MS }, (zone, signal) => api.prices(zone, signal)),
  };
}

/** Whether a zone is certified to hold health data (French "hébergement de données de santé"). */
export function isHds(zone: string, zones: readonly ApiZone[]): boolean {
  const tags = zones.find(({ name }) => name === zone)?.tags ?? [];
  return tags.includes("certification:hds") || zone.endsWith("hds");
}

/** A zone as people know it: `Paris (par)`. */
export function zoneName(zone: string, zones: readonly ApiZone[]): string {
  const found = zones.find(({ name }) => name === zone);
  const place = found?.displayName ?? found?.city;
  return place ? `${place} (${zone})` : zone;
}
