import type { PlatformClock } from "../clock.ts";
import type { Settings } from "../settings.ts";

/** How many polls may come together, as after a restart. */
const burst = 5;
/** How much of `minPollMs` is enough, since pollers jitter. */
const tolerance = 0.8;

interface Bucket {
  polls: number;
  atMs: number;
}

/** Watches how often each migration is asked for. */
export class PollWatch {
  readonly #clock: PlatformClock;
  readonly #settings: Settings;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: PlatformClock, settings: Settings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Counts a poll; false when polls come faster than one in `minPollMs`. */
  allows(migrationId: string): boolean {
    const { minPollMs } = this.#settings;
    if (minPollMs === 0) return true;
    const atMs = this.#clock.now();
    const last = this.#buckets.get(migrationId) ?? { polls: burst, atMs };
    const polls = Math.min(burst, last.polls + (atMs - last.atMs) / (minPollMs * tolerance));
    this.#buckets.set(migrationId, { polls: Math.max(0, polls - 1), atMs });
    return polls >= 1;
  }
}
