/**
 * The soft layer: statements that write get SQLSTATE 25006 at once. What waits for a lock of the hard layer
 * in a session that overrides this, DDL and large objects, ends with 55P03 instead of hanging. Seven
 * milliseconds, a value nobody else sets, marks the setting as ours.
 */
export const FENCE_SETTINGS: Readonly<Record<string, string>> = {
  default_transaction_read_only: "on",
  lock_timeout: "7ms",
};

/**
 * Setting of a fenced database that stands until everything of the fence is gone; it changes nothing. Its
 * value names the holder, so that nobody lifts or overwrites the fence of somebody else.
 */
export const FENCE_MARK = "godwit.fence";
