import { randomBytes } from "node:crypto";
import type { Clock } from "../local/clock.ts";

/** Makes Slack-shaped identifiers, unique within one local Slack. */
export class Ids {
  readonly #clock: Clock;
  #sequence = 0;
  #lastMicros = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An object id such as `V0000000001`: the prefix names the kind, as in Slack. */
  next(prefix: string): string {
    this.#sequence += 1;
    return `${prefix}${this.#sequence.toString().padStart(10, "0")}`;
  }

  /** A message timestamp `seconds.microseconds`, strictly rising. */
  timestamp(): string {
    this.#lastMicros = Math.max(this.#clock.now() * 1000, this.#lastMicros + 1);
    const micros = this.#lastMicros.toString();
    return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
  }

  secret(bytes: number): string {
    return randomBytes(bytes).toString("hex");
  }
}
