/** What a look at a key shows: `big` for one that is compared in pieces, null for one that is gone. */
export interface Seen {
  readonly hash: string | null;
  /** Milliseconds since 1970; -1 when it does not expire, -2 when it is gone. */
  readonly expires: number;
  readonly bytes: number;
}

/** Servers' clocks differ; a key that one of them has let expire may still be on the other for so long. */
const CLOCKS_APART_MS = 5_000;

/** Whether a key that is on one side alone may be so because its time is over. The fence does not stop expiry. */
export function hasExpired(expires: number): boolean {
  return expires > 0 && expires <= Date.now() + CLOCKS_APART_MS;
}
