import type { Plan } from "./plan.ts";
import type { Verdict } from "./verdict.ts";

/** How the data gets across: `dump` copies inside the read-only window, `live` replicates first. */
export type Strategy = "dump" | "live";

/** A strategy as the form offers it: `live` switches when it is ready, `live-held` when a person says so. */
export type StrategyChoice = Strategy | "live-held";

/** The strategy behind a choice. */
export function strategyOf(choice: StrategyChoice): Strategy {
  return choice === "dump" ? "dump" : "live";
}

/** Where a migration moves an add-on to. */
export interface Target {
  readonly planId: string;
  readonly version: string;
  readonly zone: string;
  readonly strategy: StrategyChoice;
}

/** One choice in the form, with the reason when it cannot be chosen. */
export interface Offer<T> {
  readonly value: T;
  readonly verdict: Verdict;
}

/** A version as it is offered: `18`, shown as `18 (18.4)`. */
export interface VersionChoice {
  readonly version: string;
  readonly label: string;
}

/** A place where the provider can host the add-on. */
export interface Zone {
  readonly id: string;
  readonly name: string;
}

/** Everything that the form offers for one add-on; versions and zones are those of the chosen plan. */
export interface MigrationOptions {
  readonly plans: readonly Offer<Plan>[];
  /** The newest stands first. */
  readonly versions: readonly Offer<VersionChoice>[];
  readonly zones: readonly Offer<Zone>[];
  /** The one that is taken unless somebody chooses stands first. */
  readonly strategies: readonly Offer<StrategyChoice>[];
}
