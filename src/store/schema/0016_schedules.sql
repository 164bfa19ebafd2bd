-- When a migration starts that is not to start at once. Times are judged by this database's clock.

CREATE TABLE schedules (
  migration_id text PRIMARY KEY REFERENCES migrations (id),
  kind text NOT NULL CHECK (kind IN ('at', 'window')),
  not_before timestamptz NOT NULL,
  -- Past this it does not start by itself.
  start_by timestamptz NOT NULL,
  -- When it was last looked at before its start.
  looked_at timestamptz,
  -- Why it waits for a person; null while it starts by itself.
  held_for text,
  -- When people were reminded a day ahead.
  reminded_at timestamptz,
  planned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (start_by > not_before)
);

CREATE INDEX schedules_by_time ON schedules (not_before);
