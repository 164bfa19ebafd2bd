import type { MigrationState } from "./migration.ts";

/** Which state may follow which. The same table stands in the store's trigger; a test compares them. */
export const TRANSITIONS: Readonly<Record<MigrationState, readonly MigrationState[]>> = {
  awaiting_confirmation: ["scheduled", "queued", "cancelled", "expired", "rejected"],
  scheduled: ["queued", "cancelled", "expired"],
  queued: ["running", "paused", "cancelled"],
  running: ["queued", "paused", "rolling_back", "succeeded", "needs_support"],
  paused: ["queued", "rolling_back", "cancelled"],
  rolling_back: ["rolled_back", "cancelled", "needs_support"],
  needs_support: ["queued", "rolling_back", "succeeded", "rolled_back"],
  succeeded: [],
  rolled_back: [],
  cancelled: [],
  expired: [],
  rejected: [],
};

/** States in which a migration holds its add-on: no second one may be asked for. */
export const LIVE_STATES: readonly MigrationState[] = [
  "scheduled",
  "queued",
  "running",
  "paused",
  "rolling_back",
  "needs_support",
];

/** Whether a migration may go from one state to another. */
export function mayFollow(from: MigrationState, to: MigrationState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Whether nothing can happen to a migration any more. */
export function isTerminal(state: MigrationState): boolean {
  return TRANSITIONS[state].length === 0;
}
