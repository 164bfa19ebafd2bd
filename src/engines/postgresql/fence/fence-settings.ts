/**
 * The soft layer. Statements that write rows wait for their table's lock before the server looks whether
 * the transaction is read-only (measured, PostgreSQL 15 to 18), so under the hard layer they would hang:
 * a `lock_timeout` turns the wait into an error at once (55P03). Everything else, DDL, sequences and
 * TRUNCATE, gets 25006. Seven milliseconds, a value nobody else sets, marks the setting as ours.
 */
export const FENCE_SETTINGS: Readonly<Record<string, string>> = {
  default_transaction_read_only: "on",
  lock_timeout: "7ms",
};
