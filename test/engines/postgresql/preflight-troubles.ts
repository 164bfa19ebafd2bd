/** Troubles that the owner of a database can make for itself; one table or object for each check. */
export const OWNERS_TROUBLES = `
CREATE TABLE plain (id int PRIMARY KEY, note text);
CREATE TABLE roles (r regrole[]); INSERT INTO roles VALUES (array['pg_monitor'::regrole]);
CREATE TYPE holder AS (p regproc); CREATE DOMAIN held AS holder; CREATE TABLE procs (a held[]); INSERT INTO procs VALUES (array[row('now')::held]);
CREATE TABLE nothing_tied (r regrole);
CREATE UNLOGGED TABLE cache (id int PRIMARY KEY); SELECT lo_create(0);
CREATE TABLE rls (id int PRIMARY KEY); ALTER TABLE rls ENABLE ROW LEVEL SECURITY;
CREATE TABLE checked (a int); ALTER TABLE checked ADD CHECK (a > 0) NOT VALID;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM plain;
CREATE TABLE parent (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id * 2) STORED) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parent DEFAULT;
CREATE TABLE one (id int PRIMARY KEY, o int); CREATE TABLE two (id int PRIMARY KEY, o int REFERENCES one); ALTER TABLE one ADD FOREIGN KEY (o) REFERENCES two;
CREATE FUNCTION lookup(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN EXISTS (SELECT FROM plain WHERE id = $1); END';
CREATE FUNCTION fine(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN EXISTS (SELECT FROM public.plain WHERE id = $1); END';
CREATE FUNCTION settled(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE SET search_path = public AS 'BEGIN RETURN EXISTS (SELECT FROM plain WHERE id = $1); END';
CREATE TABLE looks (a int CHECK (lookup(a)), b int CHECK (fine(b)), c int CHECK (settled(c)));
CREATE TABLE wide (id int PRIMARY KEY, a text, b text); INSERT INTO wide SELECT 1, string_agg(md5(g::text), ''), string_agg(md5((g + 9999)::text), '') FROM generate_series(1, 3000) g;
CREATE TABLE dead (id int PRIMARY KEY, note text) WITH (autovacuum_enabled = off); INSERT INTO dead SELECT g, 'x' FROM generate_series(1, 1000) g; DELETE FROM dead;
CREATE AGGREGATE collect(anycompatible) (sfunc = array_append, stype = anycompatiblearray, initcond = '{}');
CREATE FUNCTION after(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OPERATOR !! (RIGHTARG = int, FUNCTION = pg_catalog.int4up);
CREATE TABLE french (t text COLLATE "fr-x-icu"); CREATE TABLE german (t text COLLATE "de-x-icu"); CREATE PUBLICATION pub;
CREATE INDEX bad ON plain (note);
`;

/** Troubles that take an administrator. `{role}` is a name for roles, slots and tablespaces of the test. */
export const ADMINISTRATORS_TROUBLES = `
CREATE ROLE {role}_writer LOGIN; CREATE ROLE {role}_reader LOGIN; CREATE ROLE {role}_group;
GRANT INSERT ON plain TO {role}_writer; GRANT SELECT ON plain TO {role}_reader; GRANT SELECT ON plain TO {role}_group;
CREATE POLICY theirs ON rls TO {role}_group USING (true);
ALTER DEFAULT PRIVILEGES FOR ROLE {role}_writer GRANT SELECT ON TABLES TO {role}_reader;
ALTER ROLE {role}_writer IN DATABASE {database} SET work_mem = '5MB'; ALTER DATABASE {database} SET force_parallel_mode = off;
CREATE TABLE of_admin (id int PRIMARY KEY);
CREATE FUNCTION trap() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT'; CREATE FUNCTION cheat(int) RETURNS int LANGUAGE internal AS 'int4abs';
CREATE FUNCTION quiet(int) RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1';
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'bad'::regclass;
UPDATE pg_operator SET oprkind = 'r' WHERE oprname = '!!' AND oid >= 16384; UPDATE pg_aggregate SET aggtranstype = 'anyarray'::regtype WHERE aggfnoid::oid >= 16384;
UPDATE pg_collation SET collname = 'nowhere-x-icu' WHERE collname = 'fr-x-icu'; UPDATE pg_collation SET collversion = '0' WHERE collname = 'de-x-icu';
INSERT INTO pg_seclabel VALUES ('plain'::regclass, 'pg_class'::regclass, 0, 'anon', 'x');
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER {role} ON sql_drop EXECUTE FUNCTION et(); ALTER EVENT TRIGGER {role} DISABLE;
CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE USER MAPPING FOR PUBLIC SERVER far; CREATE USER MAPPING FOR {role}_group SERVER far; CREATE FOREIGN TABLE afar (a int) SERVER far;
CREATE EXTENSION pgcrypto; UPDATE pg_extension SET extversion = '99.10', extconfig = array['wide'::regclass::oid], extcondition = array['WHERE id > 0'] WHERE extname = 'pgcrypto';
CREATE EXTENSION citext; UPDATE pg_extension SET extname = 'pgagent' WHERE extname = 'citext';
CREATE SUBSCRIPTION {role}_off CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false);
CREATE SUBSCRIPTION {role}_on CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false); ALTER SUBSCRIPTION {role}_on ENABLE;
SELECT pg_create_logical_replication_slot('{role}', 'pgoutput');
`;

/** Takes away what would keep the database from being dropped. */
export const TROUBLES_AWAY = `
ALTER SUBSCRIPTION {role}_on DISABLE; ALTER SUBSCRIPTION {role}_on SET (slot_name = NONE); DROP SUBSCRIPTION {role}_on;
ALTER SUBSCRIPTION {role}_off SET (slot_name = NONE); DROP SUBSCRIPTION {role}_off; SELECT pg_drop_replication_slot('{role}');
`;
