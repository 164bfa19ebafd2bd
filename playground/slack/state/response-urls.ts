import type { Clock } from "../../local/clock.ts";
import type { Ids } from "../ids.ts";
import { refuse } from "../refusal.ts";

/** A response_url works five times within thirty minutes (Slack: handling user interaction). */
const usesLimit = 5;
const lifeMs = 30 * 60 * 1000;

export interface ResponseTarget {
  readonly userId: string;
  readonly channelId: string;
  readonly threadTs?: string | undefined;
  /** The message the interaction came from; absent for slash commands. */
  readonly originalTs?: string;
}

export class ResponseUrls {
  readonly #targets = new Map<string, { target: ResponseTarget; createdAtMs: number; uses: number }>();
  readonly #clock: Clock;
  readonly #ids: Ids;
  base = "";

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  issue(target: ResponseTarget): string {
    const key = this.#ids.secret(12);
    this.#targets.set(key, { target, createdAtMs: this.#clock.now(), uses: 0 });
    return `${this.base}/response/${key}`;
  }

  find(key: string): ResponseTarget {
    const entry = this.#targets.get(key) ?? refuse("invalid_url");
    if (this.#clock.now() - entry.createdAtMs > lifeMs) refuse("expired_url");
    if (entry.uses >= usesLimit) refuse("used_url");
    return entry.target;
  }

  /** Counts one use; a refused payload costs none. */
  use(key: string): void {
    const entry = this.#targets.get(key);
    if (entry) entry.uses += 1;
  }
}
