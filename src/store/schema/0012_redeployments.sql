-- Deployments of linked applications that people asked for after a migration; one at a time of each application.

CREATE TABLE redeployments (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  migration_id text NOT NULL REFERENCES migrations (id),
  application_id text NOT NULL,
  application_name text NOT NULL,
  mark timestamptz NOT NULL,
  asked_by jsonb NOT NULL,
  asked_at timestamptz NOT NULL,
  ended_at timestamptz,
  problem text,
  CHECK (problem IS NULL OR ended_at IS NOT NULL)
);

CREATE UNIQUE INDEX one_redeployment_at_a_time ON redeployments (application_id) WHERE ended_at IS NULL;
CREATE INDEX redeployments_of_migration ON redeployments (migration_id);
