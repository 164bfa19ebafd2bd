-- The audit trail: append-only, numbered without gaps, each entry sealed with the hash of the one before.

CREATE TABLE events (
  migration_id text NOT NULL REFERENCES migrations (id),
  sequence integer NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  type text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (migration_id, sequence)
);

CREATE FUNCTION event_hash(event events) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(
    concat_ws(E'\x1f', event.previous_hash, event.migration_id, event.sequence,
      to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), event.actor, event.type, event.data::text),
    'UTF8')), 'hex')
$$;

CREATE FUNCTION seal_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  PERFORM FROM godwit.migrations WHERE id = NEW.migration_id FOR UPDATE;
  SELECT sequence, hash INTO last FROM godwit.events
    WHERE migration_id = NEW.migration_id ORDER BY sequence DESC LIMIT 1;
  NEW.sequence := coalesce(last.sequence, 0) + 1;
  NEW.previous_hash := coalesce(last.hash, '');
  NEW.at := clock_timestamp();
  NEW.hash := godwit.event_hash(NEW);
  RETURN NEW;
END $$;

CREATE TRIGGER seal_event BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION seal_event();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
