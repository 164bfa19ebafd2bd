-- While a freeze stands no migration starts or switches, in any process; those that are told of it name it.

CREATE TABLE freezes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reason text NOT NULL,
  frozen_by jsonb NOT NULL,
  frozen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  unfrozen_by jsonb,
  unfrozen_at timestamptz,
  CHECK ((unfrozen_by IS NULL) = (unfrozen_at IS NULL))
);

CREATE UNIQUE INDEX one_freeze ON freezes ((true)) WHERE unfrozen_at IS NULL;

-- The freeze that a migration was told to stand still for.
ALTER TABLE migrations ADD COLUMN freeze_id bigint REFERENCES freezes (id);
CREATE INDEX migrations_by_freeze ON migrations (freeze_id) WHERE freeze_id IS NOT NULL;
