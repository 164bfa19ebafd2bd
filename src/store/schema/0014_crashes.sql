-- How often a step has lost its worker: in all since a person last let it begin, and in a row without getting further.

ALTER TABLE steps ADD COLUMN crashes integer NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN crash_streak integer NOT NULL DEFAULT 0;
