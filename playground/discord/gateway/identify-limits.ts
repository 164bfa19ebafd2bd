import type { Clock } from "../../local/clock.ts";
import type { Settings } from "../settings.ts";

const windowMs = 5000;
const dayMs = 24 * 60 * 60_000;

/** Counts IDENTIFYs: so many at once, and so many a day ("Discord, Gateway": session start limit). */
export class IdentifyLimits {
  readonly #settings: Settings;
  readonly #clock: Clock;
  #takenAtMs: number[] = [];

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  get remaining(): number {
    return Math.max(0, this.#settings.identifyBudget - this.#since(dayMs).length);
  }

  /** The body's part in the answer of GET /gateway/bot. */
  get sessionStartLimit() {
    return {
      total: this.#settings.identifyBudget,
      remaining: this.remaining,
      reset_after: dayMs,
      max_concurrency: this.#settings.maxConcurrency,
    };
  }

  /** Counts one, unless it is one too many. */
  take(): boolean {
    if (this.remaining === 0 || this.#since(windowMs).length >= this.#settings.maxConcurrency) return false;
    this.#takenAtMs = [...this.#since(dayMs), this.#clock.now()];
    return true;
  }

  #since(ms: number): number[] {
    const from = this.#clock.now() - ms;
    return this.#takenAtMs.filter((at) => at > from);
  }
}
