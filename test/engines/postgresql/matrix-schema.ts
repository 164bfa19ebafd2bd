import type { FleetMajor } from "../../../playground/fleet/start-fleet.ts";

const TYPES = `
CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE DOMAIN public.positive AS numeric(12,3) DEFAULT 1 NOT NULL CONSTRAINT above CHECK (VALUE > 0);
CREATE DOMAIN public.moods AS public.mood[];
CREATE TYPE public.pair AS (a int, b text COLLATE "C");
CREATE FUNCTION public.gap(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE public.span AS RANGE (subtype = float8, subtype_diff = public.gap, multirange_type_name = public.spans);
CREATE COLLATION public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION public.plain FROM "C";
CREATE TEXT SEARCH DICTIONARY public.stems (TEMPLATE = pg_catalog.simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION public.words (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION public.words ALTER MAPPING FOR asciiword WITH public.stems, english_stem;
CREATE TABLE public.kinds (id int PRIMARY KEY, m public.mood DEFAULT 'ok', ms public.moods, p public.positive, c public.pair, cs public.pair[],
  s public.span, ss public.spans, l text COLLATE public.loose, k text COLLATE public.plain, t tsvector, n numeric, f float8, i interval, j json, b jsonb,
  rc regclass, rp regprocedure, rt regtype, rn regnamespace, rg regconfig, x xml, o oid, by bytea, cash money, bits bit varying(9));
INSERT INTO public.kinds SELECT g, 'sad', '{ok,"it''s fine"}', g, (g, 'x')::public.pair, array[(g, null)::public.pair], '[1,2)', '{[1,2),[3,4)}', 'Äb', 'aB',
  to_tsvector('public.words', 'a quick fox'), g / 8.00, '-0', '30 days', '{"b": 1, "a":2}', '{"b": 1.50, "a":2}', 'public.kinds', 'public.gap(float8,float8)',
  'public.mood', 'public', 'public.words', '<a/>', 7, '\\x00ff', 3.5, B'101' FROM generate_series(1, 40) g;
`;

const TABLES = `
CREATE SCHEMA app;
CREATE TABLE app.people (id bigint GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 CACHE 3), short serial, name text NOT NULL,
  upper_name text GENERATED ALWAYS AS (upper(name)) STORED, gone int, boss bigint, note text COMPRESSION pglz,
  during tsrange, CONSTRAINT people_pk PRIMARY KEY (id), CONSTRAINT names UNIQUE (name, short) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&));
ALTER TABLE app.people DROP COLUMN gone; ALTER TABLE app.people ALTER note SET STORAGE EXTERNAL;
ALTER TABLE app.people ADD CONSTRAINT boss FOREIGN KEY (boss) REFERENCES app.people ON DELETE SET NULL DEFERRABLE;
ALTER TABLE app.people ALTER name SET STATISTICS 250, ALTER name SET (n_distinct = -0.5), SET (fillfactor = 80, autovacuum_enabled = true, toast.autovacuum_enabled = false);
INSERT INTO app.people (name, boss) SELECT 'n' || g, NULL FROM generate_series(1, 30) g;
ALTER TABLE app.people ADD CONSTRAINT later CHECK (short > 5) NOT VALID;
CREATE INDEX people_lower ON app.people (lower(name) text_pattern_ops) INCLUDE (short) WHERE short > 3;
CREATE UNIQUE INDEX people_short ON app.people (short DESC NULLS LAST); ALTER TABLE app.people REPLICA IDENTITY USING INDEX people_short;
ALTER TABLE app.people CLUSTER ON people_pk;
CREATE TABLE app.events (id int, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE app.events_old PARTITION OF app.events FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE app.events_new PARTITION OF app.events DEFAULT PARTITION BY HASH (id);
CREATE TABLE app.events_new_0 PARTITION OF app.events_new FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.events_new_1 (at date NOT NULL, note text DEFAULT 'mine', id int NOT NULL);
ALTER TABLE app.events_new ATTACH PARTITION app.events_new_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.by_list (k text COLLATE "C", v int) PARTITION BY LIST (k); CREATE TABLE app.by_list_a PARTITION OF app.by_list FOR VALUES IN ('a', NULL);
INSERT INTO app.events SELECT g, date '2024-12-25' + g, 'e' || g FROM generate_series(1, 30) g; INSERT INTO app.by_list VALUES ('a', 1), (NULL, 2);
CREATE INDEX events_note ON app.events (note); CREATE INDEX only_parent ON ONLY app.events (at);
CREATE TABLE app.city (name text PRIMARY KEY, people int CHECK (people > 0)); CREATE TABLE app.capital (state text, people int) INHERITS (app.city);
INSERT INTO app.city VALUES ('Lyon', 1); INSERT INTO app.capital VALUES ('Paris', 2, 'FR');
CREATE TABLE app.of_type OF public.pair (a PRIMARY KEY); INSERT INTO app.of_type VALUES (1, 'x');
CREATE UNLOGGED TABLE app.cache (k text PRIMARY KEY, v jsonb); INSERT INTO app.cache VALUES ('a', '1');
CREATE TABLE app.empty (); INSERT INTO app.empty DEFAULT VALUES;
CREATE SEQUENCE app.down AS smallint START 5 INCREMENT -1 MINVALUE -100 MAXVALUE 5 CYCLE; SELECT nextval('app.down'), nextval('app.down');
CREATE SEQUENCE app.untouched CACHE 7 OWNED BY app.city.people;
CREATE STATISTICS app.related (ndistinct, mcv) ON name, short FROM app.people; ALTER STATISTICS app.related SET STATISTICS 77;
CREATE STATISTICS app.expression ON (lower(name)) FROM app.people;
`;

const LOGIC = `
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql COST 7 AS $f$ BEGIN RETURN NEW; END $f$;
CREATE TRIGGER on_it BEFORE UPDATE OF name ON app.people FOR EACH ROW WHEN (NEW.name <> 'x') EXECUTE FUNCTION app.touch('a', 'b');
CREATE TRIGGER off AFTER INSERT ON app.people FOR EACH ROW EXECUTE FUNCTION app.touch(); ALTER TABLE app.people DISABLE TRIGGER off;
CREATE TRIGGER only_replica AFTER INSERT ON app.people FOR EACH ROW EXECUTE FUNCTION app.touch(); ALTER TABLE app.people ENABLE REPLICA TRIGGER only_replica;
CREATE TRIGGER always AFTER INSERT ON app.people REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION app.touch(); ALTER TABLE app.people ENABLE ALWAYS TRIGGER always;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON app.people DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER parts AFTER INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touch(); ALTER TABLE app.events_old DISABLE TRIGGER parts;
CREATE FUNCTION app.atomic(a int, OUT b int) LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC SELECT a + 1; END;
CREATE FUNCTION app.many(VARIADIC a text[] DEFAULT '{}') RETURNS SETOF text LANGUAGE sql ROWS 5 SECURITY DEFINER SET search_path = app, public SET work_mem = '8MB' AS 'SELECT unnest(a)';
CREATE PROCEDURE app.work(INOUT a int) LANGUAGE plpgsql AS 'BEGIN a := a + 1; END';
CREATE AGGREGATE app.total(int) (sfunc = int4pl, stype = int, initcond = '0', combinefunc = int4pl, parallel = safe);
CREATE FUNCTION app.near(float8, float8) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 1';
CREATE OPERATOR app.~~~ (LEFTARG = float8, RIGHTARG = float8, FUNCTION = app.near, COMMUTATOR = OPERATOR(app.~~~), RESTRICT = eqsel);
CREATE FUNCTION app.of_pair(public.pair) RETURNS text LANGUAGE sql IMMUTABLE AS $f$ SELECT $1.a || ':' || $1.b $f$;
CREATE CAST (public.pair AS text) WITH FUNCTION app.of_pair(public.pair) AS ASSIGNMENT;
CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE VIEW app.happy WITH (security_barrier = true) AS SELECT m, count(*) AS n FROM public.kinds WHERE m <> 'sad' OR m IS NULL GROUP BY m;
CREATE VIEW app.checked AS SELECT id, name FROM app.people WHERE short > 2 WITH CASCADED CHECK OPTION; ALTER VIEW app.checked ALTER name SET DEFAULT 'z';
CREATE VIEW app.steps AS WITH RECURSIVE s (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s WHERE n < 3) SELECT n FROM s;
CREATE MATERIALIZED VIEW app.counts AS SELECT name, short FROM app.people; CREATE UNIQUE INDEX counts_name ON app.counts (name);
CREATE MATERIALIZED VIEW app.above AS SELECT count(*) AS n FROM app.counts; CREATE MATERIALIZED VIEW app.unfilled AS SELECT 1 AS one WITH NO DATA;
CREATE RULE mirror AS ON DELETE TO app.cache DO ALSO NOTHING; CREATE RULE quiet AS ON UPDATE TO app.cache DO INSTEAD NOTHING; ALTER TABLE app.cache DISABLE RULE quiet;
ALTER TABLE app.city ENABLE ROW LEVEL SECURITY; ALTER TABLE app.city FORCE ROW LEVEL SECURITY; ALTER TABLE app.cache ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.city AS RESTRICTIVE FOR UPDATE TO CURRENT_USER, pg_monitor USING (people > 0) WITH CHECK (people > 1);
CREATE POLICY everyone ON app.city USING (true);
SELECT lo_from_bytea(515151, decode(repeat('00ff', 5000), 'hex')), lo_create(515152), lo_put(515152, 100000, 'after a hole'), lo_create(515154);
`;

const RIGHTS = `
GRANT SELECT, INSERT ON app.people TO pg_monitor; GRANT SELECT (name), UPDATE (name, note) ON app.people TO PUBLIC; GRANT SELECT ON app.city TO pg_monitor WITH GRANT OPTION;
GRANT ALL ON app.cache TO pg_monitor; REVOKE DELETE ON app.empty FROM CURRENT_USER; GRANT USAGE ON SEQUENCE app.down TO pg_monitor; GRANT USAGE ON SCHEMA app TO PUBLIC;
REVOKE EXECUTE ON FUNCTION app.near FROM PUBLIC; GRANT EXECUTE ON FUNCTION app.near TO pg_monitor; GRANT USAGE ON TYPE public.mood TO pg_monitor; REVOKE USAGE ON DOMAIN public.positive FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE app.work TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMENT ON TABLE app.people IS 'it''s a "comment"'; COMMENT ON COLUMN app.people.name IS 'line
break'; COMMENT ON SCHEMA app IS 's'; COMMENT ON INDEX app.people_short IS 'i'; COMMENT ON CONSTRAINT people_pk ON app.people IS 'c'; COMMENT ON TRIGGER off ON app.people IS 't';
COMMENT ON FUNCTION app.near IS 'f'; COMMENT ON TYPE public.mood IS 'e'; COMMENT ON DOMAIN public.positive IS 'd'; COMMENT ON CONSTRAINT above ON DOMAIN public.positive IS 'dc';
COMMENT ON POLICY everyone ON app.city IS 'p'; COMMENT ON RULE mirror ON app.cache IS 'r'; COMMENT ON SEQUENCE app.down IS 's'; COMMENT ON STATISTICS app.related IS 'st';
COMMENT ON VIEW app.happy IS 'v'; COMMENT ON MATERIALIZED VIEW app.counts IS 'm'; COMMENT ON AGGREGATE app.total(int) IS 'a'; COMMENT ON OPERATOR app.~~~ (float8, float8) IS 'o';
COMMENT ON CAST (public.pair AS text) IS 'ca'; COMMENT ON COLLATION public.loose IS 'co'; COMMENT ON TEXT SEARCH CONFIGURATION public.words IS 'ts'; COMMENT ON COLUMN public.pair.a IS 'pa';
COMMENT ON LARGE OBJECT 515151 IS 'it''s \\ "large"'; GRANT SELECT ON LARGE OBJECT 515151 TO PUBLIC; GRANT ALL ON LARGE OBJECT 515151, 515152 TO pg_monitor WITH GRANT OPTION;
SELECT lo_create(515153); GRANT UPDATE ON LARGE OBJECT 515153 TO CURRENT_USER; REVOKE SELECT ON LARGE OBJECT 515153 FROM CURRENT_USER; COMMENT ON LARGE OBJECT 515153 IS 'kept from reading';
`;

/** What newer majors can besides. */
const SINCE: Readonly<Partial<Record<FleetMajor, string>>> = {
  15: `CREATE TABLE app.nulls (a int, b text, UNIQUE NULLS NOT DISTINCT (a)); INSERT INTO app.nulls VALUES (NULL, 'x');
    CREATE VIEW app.invoker WITH (security_invoker = true) AS SELECT a FROM app.nulls;
    CREATE TABLE app.sets (a int PRIMARY KEY, b int, FOREIGN KEY (a, b) REFERENCES app.sets2 (a, b) ON DELETE SET NULL (b));`,
  16: `CREATE TABLE app.js (v text, CHECK (v IS JSON OBJECT)); INSERT INTO app.js VALUES ('{}');
    ALTER TABLE app.js ALTER v SET STORAGE MAIN;`,
  17: `GRANT MAINTAIN ON app.people TO pg_monitor; CREATE COLLATION public.built (provider = builtin, locale = 'C.UTF-8');
    CREATE TABLE app.parts (id int GENERATED BY DEFAULT AS IDENTITY, k int) PARTITION BY LIST (k); CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES IN (1); INSERT INTO app.parts (k) VALUES (1);`,
  18: `CREATE TABLE app.virtual (a int CONSTRAINT named NOT NULL, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, c int GENERATED ALWAYS AS (a * 3) STORED, d int); INSERT INTO app.virtual (a) VALUES (1);
    ALTER TABLE app.virtual ADD CONSTRAINT wished CHECK (a > 3) NOT ENFORCED; ALTER TABLE app.virtual ADD CONSTRAINT from_now NOT NULL d NOT VALID;
    CREATE TABLE app.times (id int4range, during tsrange, PRIMARY KEY (id, during WITHOUT OVERLAPS)); INSERT INTO app.times VALUES ('[1,2)', '[2020-01-01,2021-01-01)');
    CREATE TABLE app.within (id int4range, during tsrange, FOREIGN KEY (id, PERIOD during) REFERENCES app.times (id, PERIOD during)); CREATE PUBLICATION stored FOR TABLE app.virtual WITH (publish_generated_columns = stored);
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO pg_monitor;`,
};

const BEFORE: Readonly<Partial<Record<FleetMajor, string>>> = {
  15: "CREATE TABLE app.sets2 (a int, b int, UNIQUE (a, b));",
};

/** One of each class of object that the owner of a database can make in a major version. */
export function ownersSchema(major: FleetMajor): string {
  const newer = ([15, 16, 17, 18] as const).filter((since) => since <= major);
  const extra = newer.map((since) => `${BEFORE[since] ?? ""}\n${SINCE[since] ?? ""}`);
  return [TYPES, TABLES, LOGIC, ...extra, RIGHTS].join("\n");
}

/** What only an administrator can make; `{owner}` and `{database}` are quoted names. */
export function administratorsSchema(major: FleetMajor, owner: string, database: string): string {
  const filtered =
    major < 15
      ? ""
      : "CREATE PUBLICATION some_rows FOR TABLE app.people (id, short, during) WHERE (short > 3);";
  const schemas =
    major < 15
      ? ""
      : `SET ROLE ${owner}; CREATE PUBLICATION of_schema; RESET ROLE; ALTER PUBLICATION of_schema ADD TABLES IN SCHEMA app, public;`;
  return `
CREATE SCHEMA ext AUTHORIZATION ${owner}; CREATE EXTENSION pgcrypto SCHEMA ext; CREATE EXTENSION "uuid-ossp" SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;
SET ROLE ${owner}; CREATE TABLE app.uses_extension (id uuid DEFAULT ext.uuid_generate_v4() PRIMARY KEY, name ext.citext UNIQUE); INSERT INTO app.uses_extension (name) VALUES ('Aa'); RESET ROLE;
SET ROLE ${owner}; CREATE FUNCTION app.audit() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TABLE app."DDL" (tag text);
CREATE FUNCTION app."log DDL"() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO app."DDL" VALUES (tg_tag); END'; RESET ROLE;
CREATE EVENT TRIGGER godwit_matrix ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION app.audit(); ALTER EVENT TRIGGER godwit_matrix DISABLE;
CREATE EVENT TRIGGER always ON table_rewrite EXECUTE FUNCTION app.audit(); ALTER EVENT TRIGGER always ENABLE ALWAYS; COMMENT ON EVENT TRIGGER always IS 'it''s always';
CREATE EVENT TRIGGER "of replicas" ON ddl_command_start EXECUTE FUNCTION app.audit(); ALTER EVENT TRIGGER "of replicas" ENABLE REPLICA;
SET ROLE ${owner}; CREATE PUBLICATION few FOR TABLE app.people, app.city WITH (publish = 'insert, update'); ${filtered} COMMENT ON PUBLICATION few IS 'pub'; RESET ROLE;
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root = true); COMMENT ON PUBLICATION everything IS 'all';
CREATE PUBLICATION "all of the owner" FOR ALL TABLES WITH (publish = ''); ALTER PUBLICATION "all of the owner" OWNER TO ${owner}; ${schemas}
ALTER DATABASE ${database} SET search_path = app, public, ext; ALTER DATABASE ${database} SET statement_timeout = '61s'; ALTER DATABASE ${database} SET app.tenant = 'a ''b'' c';
ALTER DATABASE ${database} SET lock_timeout = '5s'; ALTER DATABASE ${database} SET "DateStyle" = 'SQL, DMY';
ALTER ROLE ${owner} IN DATABASE ${database} SET work_mem = '9MB'; ALTER ROLE ${owner} SET idle_in_transaction_session_timeout = '70s';
COMMENT ON DATABASE ${database} IS 'the shop';
CREATE EXTENSION postgres_fdw SCHEMA ext; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${owner}, pg_monitor WITH GRANT OPTION;
CREATE SERVER "of the admin" TYPE 'it''s' VERSION '1.0' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname 'a=b ''c'''); GRANT USAGE ON FOREIGN SERVER "of the admin" TO ${owner};
SET ROLE ${owner}; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1'); COMMENT ON SERVER far IS 'it''s far'; GRANT USAGE ON FOREIGN SERVER far TO pg_monitor;
CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'me', password 'p''=\\ "x"'); RESET ROLE; CREATE USER MAPPING FOR PUBLIC SERVER "of the admin"; CREATE USER MAPPING FOR pg_monitor SERVER far OPTIONS (user 'm', password 'x');
SET ROLE ${owner}; CREATE FOREIGN TABLE app.afar (id int OPTIONS (column_name 'ID') NOT NULL, note text DEFAULT 'x', CHECK (id > 0)) SERVER far OPTIONS (schema_name 'public', table_name 'it''s');
CREATE FOREIGN TABLE app.afar_too (name text) SERVER "of the admin"; GRANT SELECT ON app.afar TO pg_monitor; COMMENT ON FOREIGN TABLE app.afar IS 'there'; CREATE VIEW app.from_afar AS SELECT id FROM app.afar; RESET ROLE;
CREATE EVENT TRIGGER every ON ddl_command_end EXECUTE FUNCTION app."log DDL"();
`;
}
