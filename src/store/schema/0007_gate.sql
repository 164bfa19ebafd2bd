-- The hold before the switch of a live migration: what opens it, and where it stands.

CREATE TABLE gates (
  migration_id text PRIMARY KEY REFERENCES migrations (id),
  mode text NOT NULL CHECK (mode IN ('automatic', 'held', 'at')),
  switch_at timestamptz,
  state text NOT NULL CHECK (state IN ('armed', 'waiting-for-lag', 'retrying', 'returning', 'stopped')),
  reason text,
  tries integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  decided_by jsonb,
  CHECK ((mode = 'at') = (switch_at IS NOT NULL))
);
