import type { Clock } from "../../core/ports/clock.ts";

/** A pause that ends early when someone calls `wake`; a call between two pauses ends the next one at once. */
export class Wakeup {
  readonly #clock: Clock;
  #pause: AbortController | null = null;
  #isDue = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#isDue = true;
    this.#pause?.abort();
  }

  async wait(ms: number): Promise<void> {
    if (!this.#isDue) await this.#sleep(ms);
    this.#isDue = false;
  }

  async #sleep(ms: number): Promise<void> {
    const pause = new AbortController();
    this.#pause = pause;
    try {
      await this.#clock.sleep(ms, pause.signal);
    } catch (error) {
      if (!pause.signal.aborted) throw error;
    } finally {
      this.#pause = null;
    }
  }
}
