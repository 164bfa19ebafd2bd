-- Names this Godwit, so that several may share one Redis without taking each other's rings.

CREATE TABLE installation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  installed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE UNIQUE INDEX one_installation ON installation ((true));

INSERT INTO installation DEFAULT VALUES;
