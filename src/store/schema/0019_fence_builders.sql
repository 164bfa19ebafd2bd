-- Who is building a fence: one that dies within it may leave it standing after everybody else has gone on.

ALTER TABLE fences ADD COLUMN builders text[] NOT NULL DEFAULT '{}';
