-- A migration may take another one back after its success, to the old database that is kept.

ALTER TABLE migrations ADD COLUMN revert_of text REFERENCES migrations (id);

-- Held: not to be dropped while that migration lives. Claimed: being dropped, so it is too late to return.
-- Returned: the add-on lives there again.
ALTER TABLE retired_databases ADD COLUMN held_by text REFERENCES migrations (id);
ALTER TABLE retired_databases ADD COLUMN claimed_at timestamptz;
ALTER TABLE retired_databases ADD COLUMN returned_at timestamptz;
