-- Calls for support and who answered them; steps that have not got on for long.

CREATE TABLE support_pages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  migration_id text NOT NULL REFERENCES migrations (id),
  called_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  answered_at timestamptz,
  escalated_at timestamptz
);

CREATE INDEX unanswered_pages ON support_pages (called_at) WHERE answered_at IS NULL AND escalated_at IS NULL;

ALTER TABLE steps ADD COLUMN progressed_at timestamptz;
ALTER TABLE steps ADD COLUMN stuck_told_at timestamptz;
