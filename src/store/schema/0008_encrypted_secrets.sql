-- Credentials are kept encrypted. Those of an older version are encrypted at the next start, which then validates
-- the constraint; a process of the older version can no longer store one in clear.

ALTER TABLE secrets ADD COLUMN ciphertext text;
ALTER TABLE secrets ALTER COLUMN value DROP NOT NULL;
ALTER TABLE secrets ADD CONSTRAINT nothing_in_clear
  CHECK (value IS NULL AND ciphertext IS NOT NULL) NOT VALID;

-- A known text under each key that ever encrypted, so that another key by the same ID is noticed at start.
CREATE TABLE secret_keys (
  id text PRIMARY KEY,
  check_value text NOT NULL,
  first_used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
