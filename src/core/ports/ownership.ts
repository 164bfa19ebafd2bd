/** A right that this process holds alone. */
export interface Owned {
  /** Aborts when the right cannot be kept: stop before another process takes it. */
  readonly lost: AbortSignal;
  /** Gives the right back, so that the next process need not wait for its end. */
  release(): Promise<void>;
}

/** Things that only one process at a time may do, such as holding a platform's gateway. */
export interface Ownership {
  /** Waits until this process alone owns `name`, however long it takes. Rejects only when `signal` aborts. */
  own(name: string, signal: AbortSignal): Promise<Owned>;
}
