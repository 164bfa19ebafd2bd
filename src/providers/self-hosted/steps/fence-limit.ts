import type { Migration } from "../../../core/migration.ts";
import { strategyOf } from "../../../core/target.ts";
import type { Fleet } from "../fleet.ts";

/** The watchdog opens the source at the deadline; the pivot must be through so much sooner. */
const MARGIN_MS = { dump: 30_000, live: 5_000 } as const;

/** How long before the fence's deadline the pivot must be through. */
export function fenceMarginMs({ target }: Pick<Migration, "target">): number {
  return MARGIN_MS[strategyOf(target.strategy)];
}

/** How long the source may be fenced before every process opens it. */
export function fenceLimitMs(fleet: Fleet, migration: Pick<Migration, "target">): number {
  const isLive = strategyOf(migration.target.strategy) === "live";
  return isLive ? fleet.config.switchLimitMs + fenceMarginMs(migration) : fleet.config.fenceLimitMs;
}
