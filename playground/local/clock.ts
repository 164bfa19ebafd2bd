/** Time as a local server sees it, in milliseconds since 1970. Tests move it forward instead of sleeping. */
export class Clock {
  #offsetMs = 0;

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  /** Moves expiries (triggers, response_urls, interaction tokens) and rate limits forward. Acknowledgement timers stay on real time. */
  advance(ms: number): void {
    this.#offsetMs += ms;
  }
}
