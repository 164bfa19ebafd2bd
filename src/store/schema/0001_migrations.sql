-- Migrations, their steps, leases and fences.

CREATE TABLE migrations (
  id text PRIMARY KEY CHECK (id ~ '^mig_[a-z0-9]{16}$'),
  addon_id text NOT NULL,
  state text NOT NULL,
  source jsonb NOT NULL,
  target jsonb NOT NULL,
  target_plan jsonb NOT NULL,
  quote jsonb NOT NULL,
  preflight jsonb NOT NULL,
  plan_hash text NOT NULL,
  platform text NOT NULL,
  requested_by jsonb NOT NULL,
  confirmed_by jsonb,
  desired text NOT NULL DEFAULT 'run' CHECK (desired IN ('run', 'cancel')),
  desired_by jsonb,
  retry_of text REFERENCES migrations (id),
  thread_key text,
  pivot_passed boolean NOT NULL DEFAULT false,
  read_only_from timestamptz,
  read_only_until timestamptz,
  failure jsonb,
  proof jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  queued_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz
);

-- One live migration per add-on: the add-on stays locked to it until it ends or a person resolves it.
CREATE UNIQUE INDEX one_live_migration_per_addon ON migrations (addon_id)
  WHERE state IN ('scheduled', 'queued', 'running', 'rolling_back', 'needs_support');

CREATE INDEX migrations_by_state ON migrations (state, created_at);
CREATE INDEX migrations_by_addon ON migrations (addon_id, created_at DESC);

-- The same table as TRANSITIONS in core/transitions.ts; a test compares the two.
CREATE TABLE transitions (
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

INSERT INTO transitions VALUES
  ('awaiting_confirmation', 'scheduled'),
  ('awaiting_confirmation', 'queued'),
  ('awaiting_confirmation', 'cancelled'),
  ('awaiting_confirmation', 'expired'),
  ('awaiting_confirmation', 'rejected'),
  ('scheduled', 'queued'),
  ('scheduled', 'cancelled'),
  ('scheduled', 'expired'),
  ('queued', 'running'),
  ('queued', 'cancelled'),
  ('running', 'queued'),
  ('running', 'rolling_back'),
  ('running', 'succeeded'),
  ('running', 'needs_support'),
  ('rolling_back', 'rolled_back'),
  ('rolling_back', 'cancelled'),
  ('rolling_back', 'needs_support'),
  ('needs_support', 'queued'),
  ('needs_support', 'rolling_back'),
  ('needs_support', 'succeeded'),
  ('needs_support', 'rolled_back');

CREATE FUNCTION guard_migration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
    SELECT FROM godwit.transitions WHERE from_state = OLD.state AND to_state = NEW.state
  ) THEN
    RAISE EXCEPTION 'migration % may not go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.pivot_passed AND NOT NEW.pivot_passed THEN
    RAISE EXCEPTION 'migration % has passed its pivot', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.pivot_passed AND NEW.state = 'rolling_back' AND OLD.state <> 'rolling_back' THEN
    RAISE EXCEPTION 'migration % has passed its pivot and only goes forward', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_migration BEFORE UPDATE ON migrations
  FOR EACH ROW EXECUTE FUNCTION guard_migration();

CREATE TABLE steps (
  migration_id text NOT NULL REFERENCES migrations (id),
  sequence integer NOT NULL,
  name text NOT NULL,
  title text NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'running', 'done', 'failed', 'undone')),
  attempt integer NOT NULL DEFAULT 0,
  checkpoint jsonb,
  output jsonb,
  progress jsonb,
  waiting_for text,
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (migration_id, name),
  UNIQUE (migration_id, sequence)
);

CREATE UNIQUE INDEX one_running_step ON steps (migration_id) WHERE status = 'running';

-- Who may move a migration on. Every write of a worker is conditional on the epoch it was given.
CREATE TABLE leases (
  migration_id text PRIMARY KEY REFERENCES migrations (id),
  epoch bigint NOT NULL DEFAULT 0,
  owner text,
  until timestamptz
);

CREATE FUNCTION guard_lease() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.epoch < OLD.epoch THEN
    RAISE EXCEPTION 'the epoch of % may not decrease', OLD.migration_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_lease BEFORE UPDATE ON leases FOR EACH ROW EXECUTE FUNCTION guard_lease();

-- What is needed to take a fence away, stored before the source is touched.
CREATE TABLE fences (
  migration_id text PRIMARY KEY REFERENCES migrations (id),
  provider_name text NOT NULL,
  addon_id text NOT NULL,
  undo jsonb NOT NULL,
  deadline timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  lifted_at timestamptz
);

CREATE INDEX standing_fences ON fences (deadline) WHERE lifted_at IS NULL;
