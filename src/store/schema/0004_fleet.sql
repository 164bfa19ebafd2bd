-- Add-ons of self-hosted fleets, and the databases that they have left.

CREATE TABLE fleet_addons (
  provider_name text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  engine text NOT NULL,
  server_id text NOT NULL,
  plan_id text NOT NULL,
  database text NOT NULL,
  username text NOT NULL,
  secret_ref text NOT NULL,
  applications jsonb NOT NULL DEFAULT '[]',
  adopted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (provider_name, id)
);

CREATE TABLE retired_databases (
  migration_id text PRIMARY KEY REFERENCES migrations (id),
  provider_name text NOT NULL,
  addon_id text NOT NULL,
  server_id text NOT NULL,
  database text NOT NULL,
  username text NOT NULL,
  secret_ref text NOT NULL,
  drop_at timestamptz NOT NULL,
  announced_at timestamptz,
  dropped_at timestamptz
);

CREATE TABLE secrets (
  ref text PRIMARY KEY,
  value text NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
