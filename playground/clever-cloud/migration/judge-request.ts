import { type CatalogProvider, type Plan, zonesOf } from "../catalog/catalog.ts";
import type { Addon, Placement } from "../model.ts";
import type { RefusalName } from "../refusal.ts";
import { placementOf } from "../state/migrations.ts";

/**
 * Why the platform refuses to move an add-on there; undefined when it does not. The same plan, version and zone is a
 * refresh and is welcome ("database-migration.md").
 *
 * guess: that the API itself refuses downgrades, closed plans and zones, and which check comes first. The console does
 * not offer them, and "downgrades go through support".
 */
export function judgeRequest(addon: Addon, target: Placement): RefusalName | undefined {
  const { provider } = addon;
  if (!isSelfService(provider)) return "notMigratable";
  if (!zonesOf(provider, target.plan).includes(target.zone)) return "unavailableZone";
  return judgeElasticsearch(addon, target) ?? judgeSize(addon, target) ?? judgeVersion(addon, target);
}

/**
 * guess: `canUpgrade: false` does not close Elasticsearch, of which one migration was seen ("elasticsearch/crud.go").
 */
function isSelfService(provider: CatalogProvider): boolean {
  return provider.canUpgrade || provider.id === "es-addon";
}

/** "elastic.md": major jumps and zone changes are made by support. */
function judgeElasticsearch(addon: Addon, target: Placement): RefusalName | undefined {
  if (addon.provider.id !== "es-addon") return undefined;
  if (target.version !== addon.version) return "versionChange";
  return target.zone === addon.zone ? undefined : "zoneChange";
}

/** A DEV plan lives on a shared cluster of one version; those are in zone par only (guess). */
function judgeVersion({ provider, version }: Addon, target: Placement): RefusalName | undefined {
  if (target.plan.isShared && target.zone !== sharedZone) return "noResource";
  const offered = target.plan.isShared ? provider.versions.shared : provider.versions.dedicated;
  if (!offered.includes(target.version)) return "unknownVersion";
  return compareVersions(target.version, version) < 0 ? "downgrade" : undefined;
}

/** Where the shared clusters of DEV plans are. guess. */
export const sharedZone = "par";

function judgeSize(addon: Addon, target: Placement): RefusalName | undefined {
  const { plan } = placementOf(addon);
  const isSmaller = sizes.some((size) => isLess(target.plan[size], plan[size]));
  const isShared = target.plan.isShared && !plan.isShared;
  return isSmaller || isShared ? "downgrade" : undefined;
}

const sizes = [
  "memoryBytes",
  "diskBytes",
  "maxConnections",
  "maxDatasetBytes",
] as const satisfies (keyof Plan)[];

/** Sizes that no source knows are not compared. */
function isLess(wanted: number | undefined, present: number | undefined): boolean {
  return wanted !== undefined && present !== undefined && wanted < present;
}

/** "8.0" before "8.4" before "10". */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.max(a?.length ?? 0, b?.length ?? 0); index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
