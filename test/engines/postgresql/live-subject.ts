import type { FleetMajor } from "../../../playground/fleet/start-fleet.ts";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import type { LiveSubject } from "../../contracts/engine-live-contract.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { anEngine, aPair, aPlan } from "./make-subject.ts";

/** Every kind of table that a replication carries: partitions, inheritance, generated columns, full identity. */
export const LIVE = `
CREATE TABLE public.writes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
INSERT INTO public.writes (note) SELECT 'n' || i FROM generate_series(1, 2000) i;
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
CREATE TABLE public.kinds (k uuid PRIMARY KEY DEFAULT gen_random_uuid(), n numeric, j jsonb, t text[], m public.mood, at timestamptz,
  b bytea, twice numeric GENERATED ALWAYS AS (n * 2) STORED);
INSERT INTO public.kinds (n, j, t, m, at, b) SELECT i / 3.0, '{"a": 1}', '{x,"y z"}', 'ok', now(), '\\x00ff' FROM generate_series(1, 500) i;
CREATE TABLE public.events (id int, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE public.events_2024 PARTITION OF public.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE public.events_rest PARTITION OF public.events DEFAULT;
INSERT INTO public.events SELECT i, date '2024-12-20' + i, 'e' || i FROM generate_series(1, 40) i;
CREATE TABLE public.city (name text PRIMARY KEY, people int); CREATE TABLE public.capital (state text, PRIMARY KEY (name)) INHERITS (public.city);
INSERT INTO public.city VALUES ('Lyon', 1); INSERT INTO public.capital VALUES ('Paris', 2, 'FR');
CREATE TABLE public.loose (a int, b text); ALTER TABLE public.loose REPLICA IDENTITY FULL;
INSERT INTO public.loose VALUES (1, 'x'), (1, 'x'), (2, NULL);
CREATE TABLE public.parent (id serial PRIMARY KEY); CREATE TABLE public.child (id serial PRIMARY KEY, p int NOT NULL REFERENCES public.parent ON DELETE CASCADE);
INSERT INTO public.parent DEFAULT VALUES; INSERT INTO public.child (p) VALUES (1);
CREATE FUNCTION public.shout() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.note := NEW.note || '!'; RETURN NEW; END $f$;
CREATE TRIGGER shout BEFORE INSERT ON public.writes FOR EACH ROW EXECUTE FUNCTION public.shout();
CREATE SEQUENCE public.lonely START 5 INCREMENT -1 MINVALUE -100 MAXVALUE 5;
CREATE MATERIALIZED VIEW public.sums AS SELECT count(*) AS n FROM public.writes;
CREATE SCHEMA "q""s"; CREATE TABLE "q""s"."t; drop table t; --" ("id;" int PRIMARY KEY, "select" text); INSERT INTO "q""s"."t; drop table t; --" VALUES (1, 'x');
`;

/** One of each change that an application makes. */
const CHANGES = `
INSERT INTO public.writes (note) VALUES ('late');
UPDATE public.writes SET note = 'changed' WHERE id = 3; DELETE FROM public.writes WHERE id = 4;
INSERT INTO public.kinds (n, j, m) VALUES (7, '{"b": null}', 'sad'); UPDATE public.kinds SET n = 1 WHERE n > 100;
UPDATE public.events SET at = '2030-01-01' WHERE id = 1; INSERT INTO public.events VALUES (99, '2024-05-05', 'moved');
UPDATE public.city SET people = people + 1; DELETE FROM public.capital WHERE name = 'none';
DELETE FROM public.loose WHERE a = 2; UPDATE public.loose SET b = 'y' WHERE ctid = (SELECT min(ctid) FROM public.loose);
INSERT INTO public.parent DEFAULT VALUES; INSERT INTO public.child (p) VALUES (2); DELETE FROM public.parent WHERE id = 1;
TRUNCATE "q""s"."t; drop table t; --"; INSERT INTO "q""s"."t; drop table t; --" VALUES (5, 'after');
SELECT nextval('public.lonely');
`;

const LEFTOVERS = `SELECT 'publication ' || pubname AS name FROM pg_publication WHERE pubname LIKE 'godwit%'
  UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE slot_name LIKE '%' || $ID$
  UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'godwit%' || $ID$
  UNION ALL SELECT 'subscription ' || subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
    WHERE d.datname = current_database()`;

async function leftovers(database: DatabaseAccess, id: string): Promise<string[]> {
  const own = LEFTOVERS.replaceAll("$ID$", `'${id.replaceAll(/[^a-z0-9]+/g, "_")}'`);
  return (await querySql<{ name: string }>(adminUrl(database), own)).map(({ name }) => name);
}

/** Makes what the contract of replications works with. */
export function liveSubjectsFor(majors: readonly [FleetMajor, FleetMajor]) {
  return async (): Promise<LiveSubject> => {
    const engine = anEngine();
    const pair = await aPair(majors, LIVE);
    const signal = new AbortController().signal;
    return {
      engine,
      pair,
      plan: aPlan(),
      change: async (database) => void (await querySql(appUrl(database), CHANGES)),
      changeSchema: async (database) =>
        void (await querySql(appUrl(database), "ALTER TABLE public.writes ADD COLUMN added int")),
      hinder: async (database) =>
        void (await querySql(appUrl(database), "CREATE TABLE public.keyless (a int)")),
      leftovers,
      dispose: async () => {
        await engine.replication?.end(pair, "mig_contract", signal);
        await engine.drop(pair.target, signal);
        await engine.drop(pair.source, signal);
      },
    };
  };
}
