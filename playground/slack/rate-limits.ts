import type { Clock } from "../local/clock.ts";
import type { Settings } from "./settings.ts";

/** Calls per minute of Slack's tiers (Slack: rate limits); `post` is one a second per channel. */
const perMinute = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
const minuteMs = 60_000;
const postIntervalMs = 1000;

export type Tier = keyof typeof perMinute | "post" | "none";

/** Counts calls per method, and posts per channel, in a sliding window. */
export class RateLimits {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #calls = new Map<string, number[]>();

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Counts a call; returns the seconds to wait when it is one too many, which is then not counted. */
  take(tier: Tier, method: string, channel: string): number | undefined {
    if (this.#settings.rateLimits === "off" || tier === "none") return undefined;
    const window =
      tier === "post" ? { limit: 1, ms: postIntervalMs } : { limit: perMinute[tier], ms: minuteMs };
    const key = tier === "post" ? `${method} ${channel}` : method;
    const now = this.#clock.now();
    const recent = (this.#calls.get(key) ?? []).filter((at) => at > now - window.ms);
    this.#calls.set(key, recent);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= window.limit) {
      return Math.max(1, Math.ceil((oldest + window.ms - now) / 1000));
    }
    recent.push(now);
    return undefined;
  }
}
