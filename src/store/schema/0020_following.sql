-- An old database may follow the new one until it is dropped, so that a return loses nothing. Noted before anything of
-- that is made, and taken back when all of it is gone: whatever stands of it in between, any process finds.
ALTER TABLE retired_databases ADD COLUMN follows boolean NOT NULL DEFAULT false;
