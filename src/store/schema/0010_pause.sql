-- A migration may stand still, paused by a person, until somebody lets it go on. It holds its add-on meanwhile.

ALTER TABLE migrations DROP CONSTRAINT migrations_desired_check;
ALTER TABLE migrations ADD CONSTRAINT migrations_desired_check CHECK (desired IN ('run', 'pause', 'cancel'));

INSERT INTO transitions VALUES
  ('queued', 'paused'),
  ('running', 'paused'),
  ('paused', 'queued'),
  ('paused', 'rolling_back'),
  ('paused', 'cancelled');

DROP INDEX one_live_migration_per_addon;
CREATE UNIQUE INDEX one_live_migration_per_addon ON migrations (addon_id)
  WHERE state IN ('scheduled', 'queued', 'running', 'paused', 'rolling_back', 'needs_support');

-- Where a migration may stand still on account of the step; see StepHold in core/step.ts.
ALTER TABLE steps ADD COLUMN hold text CHECK (hold IN ('stops', 'waits', 'ends'));
