import { randomBytes } from "node:crypto";
import type { Clock } from "../local/clock.ts";

/** Milliseconds since 1970 at which Discord's time begins ("Discord, Snowflakes"). */
const epochMs = 1_420_070_400_000;
const sequenceBits = 22n;

/** Makes snowflakes: strictly rising, and the time of making can be read from them. */
export class Ids {
  readonly #clock: Clock;
  #last = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    const now = BigInt(this.#clock.now() - epochMs) << sequenceBits;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last.toString();
  }

  secret(bytes: number): string {
    return randomBytes(bytes).toString("hex");
  }
}
