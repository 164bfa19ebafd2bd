/** Time as the code sees it, so that a whole run can be simulated. */
export interface Clock {
  now(): Date;
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
