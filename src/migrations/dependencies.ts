import type { Place } from "../core/member.ts";
import type { Policy } from "../core/policy.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Provider } from "../core/ports/provider.ts";
import type { MigrationQueue } from "../core/ports/queue.ts";
import type { Store } from "../core/ports/store.ts";

/** How long things take; all in milliseconds. */
export interface Timings {
  /** A worker that was not heard of for so long has lost its migration. */
  readonly leaseMs: number;
  /** How often a worker prolongs its lease and looks whether somebody cancelled. */
  readonly heartbeatMs: number;
  /** How often every process looks for migrations that should be moving. */
  readonly sweepMs: number;
  /** How often the progress card is written while a step runs. */
  readonly progressMs: number;
  /** Waiting time before the first repetition of a step; doubles with each. */
  readonly retryMs: number;
  /** A call for support that nobody acknowledged is repeated, once, after this. */
  readonly escalateMs: number;
  /** A step may be without progress for so long at least before anything is said of it. */
  readonly stuckFloorMs: number;
  /** Messages that have waited for longer are an operator's matter. */
  readonly outboxLateMs: number;
  /** A draft that nobody confirmed expires after this. */
  readonly draftMs: number;
  /** How long after a fence was taken away a worker may still wake up that was building it. */
  readonly lateBuildMs: number;
  /** A scheduled migration is looked at again so long before its start. */
  readonly lookAheadMs: number;
  /** People are reminded of one so long before its start, when it was planned earlier. */
  readonly remindMs: number;
}

export const DEFAULT_TIMINGS: Timings = {
  leaseMs: 30_000,
  heartbeatMs: 2_000,
  sweepMs: 5_000,
  progressMs: 3_000,
  retryMs: 1_000,
  escalateMs: 15 * 60_000,
  stuckFloorMs: 10 * 60_000,
  outboxLateMs: 5 * 60_000,
  draftMs: 24 * 3_600_000,
  lateBuildMs: 3_600_000,
  lookAheadMs: 10 * 60_000,
  remindMs: 24 * 3_600_000,
};

/** Everything that the use cases work with. */
export interface Dependencies {
  readonly store: Store;
  readonly queue: MigrationQueue;
  readonly providers: readonly Provider[];
  readonly policy: Policy;
  /** Channels where migrations that began elsewhere are followed too. */
  readonly mirrors: readonly Place[];
  /** In which times are read that people type without one. */
  readonly timeZone: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly timings: Timings;
  /** The last lines that this process has logged about a migration, redacted, oldest first. */
  readonly recentLog: (migrationId: string) => readonly string[];
  /** Tells the sender that a message waits; it would find it a little later anyway. */
  readonly wakeSender: () => void;
}
