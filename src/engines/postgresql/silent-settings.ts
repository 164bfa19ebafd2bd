/**
 * Settings of an administrator's session whose statements hold a password: they stay out of the server's log,
 * and what the database's own triggers do is no business of theirs.
 */
export const SILENT_SETTINGS: Readonly<Record<string, string>> = {
  log_statement: "none",
  log_min_duration_statement: "-1",
  log_min_duration_sample: "-1",
  log_transaction_sample_rate: "0",
  log_min_error_statement: "panic",
  event_triggers: "off",
  session_replication_role: "replica",
};
