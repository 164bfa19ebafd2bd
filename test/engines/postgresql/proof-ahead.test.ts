import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import type { FleetMajor } from "../../../playground/fleet/start-fleet.ts";
import type { DatabaseAccess, DatabasePair, FenceHold } from "../../../src/core/ports/engine.ts";
import type { ReplicationPlan } from "../../../src/core/ports/replication.ts";
import type { Proof } from "../../../src/core/proof.ts";
import type { JsonObject } from "../../../src/core/step.ts";
import { proofSlots, replicationNames } from "../../../src/engines/postgresql/live/names.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { anEngine, aPair, aPlan } from "./make-subject.ts";

/** Keys of each kind: several columns, odd characters, equal but not the same, behind a large value, none at all. */
const SQL = `
CREATE TABLE public.big (id int PRIMARY KEY, note text);
INSERT INTO public.big SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 60000) i;
CREATE TABLE public.odd (a text COLLATE "C", b date, n numeric, PRIMARY KEY (a, b)); INSERT INTO public.odd VALUES
  ('it''s, {"x"} \\ ', '2024-02-29', 1), ('', '0044-03-15 BC', 2), (E'tab\\t\\n', 'infinity', 3), ('é☃', '2000-01-01', 4), ('NULL', '2000-01-01', 5), (E'\\uFEFFmark', '2026-04-05', 6);
CREATE TABLE public.price (at numeric PRIMARY KEY, note text); INSERT INTO public.price VALUES (1.0, 'a'), (2.50, 'b');
CREATE TABLE public.behind (body text, id int NOT NULL UNIQUE); ALTER TABLE public.behind REPLICA IDENTITY USING INDEX behind_id_key;
INSERT INTO public.behind SELECT string_agg(md5(i::text || g), ''), g FROM generate_series(1, 1500) i, generate_series(1, 3) g GROUP BY g;
CREATE TABLE public.none (a int, b text); ALTER TABLE public.none REPLICA IDENTITY FULL; INSERT INTO public.none VALUES (1, 'x'), (1, 'x');
CREATE TABLE public.short_lived (id int PRIMARY KEY); INSERT INTO public.short_lived SELECT generate_series(1, 50);
CREATE TYPE public.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN public.code AS varchar(4) CHECK (VALUE <> '');
CREATE TABLE public.parts (id public.code, m public.mood, PRIMARY KEY (id, m)) PARTITION BY LIST (m);
CREATE TABLE public.parts_sad PARTITION OF public.parts FOR VALUES IN ('sad');
CREATE FUNCTION public.evil(text) RETURNS public.mood LANGUAGE plpgsql AS $f$ BEGIN RAISE 'somebody''s function ran'; END $f$;
CREATE CAST (text AS public.mood) WITH FUNCTION public.evil(text);
CREATE TABLE public.stays (at interval PRIMARY KEY, f float8, price money); INSERT INTO public.stays VALUES ('-1 day 02:03:04', 0.1, 5);
CREATE TABLE public.sums (price money PRIMARY KEY, tags text[]); INSERT INTO public.sums VALUES (12.5, '{a}');
CREATE FUNCTION public.substr(bytea, int, int) RETURNS bytea LANGUAGE sql AS $f$ SELECT ''::bytea $f$;
DO $$ BEGIN EXECUTE 'CREATE TABLE public.columns (id int PRIMARY KEY, ' ||
  (SELECT string_agg('a_column_with_quite_a_long_name_' || i || ' int', ', ') FROM generate_series(1, 600) i) || ')';
  EXECUTE format('ALTER DATABASE %I SET DateStyle = ''SQL, DMY''', current_database());
  EXECUTE format('ALTER DATABASE %I SET IntervalStyle = sql_standard', current_database());
  EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
INSERT INTO public.columns (id) VALUES (1);
CREATE TABLE public.parts_ok PARTITION OF public.parts FOR VALUES IN ('ok'); INSERT INTO public.parts VALUES ('a', 'sad'), ('b', 'ok');
`;

/** What an application changes, again and again; `n` counts up. */
const changes = (n: number): string => `
UPDATE public.big SET note = 'n${n}' WHERE id IN (${n % 500}, ${n + 1000});
INSERT INTO public.big VALUES (${100_000 + n}, 'new'); DELETE FROM public.big WHERE id = ${n + 5000};
UPDATE public.big SET id = -id WHERE id = ${n + 20_000};
UPDATE public.odd SET n = n + 1; UPDATE public.stays SET f = f + 1; UPDATE public.sums SET tags = tags || 'b'::text;
UPDATE public.columns SET a_column_with_quite_a_long_name_1 = ${n}; UPDATE public.odd SET a = a || 'x' WHERE n % 7 = 0;
UPDATE public.price SET at = at * 1.0, note = '${n}'; UPDATE public.behind SET body = body || 'x' WHERE id = ${1 + (n % 3)};
INSERT INTO public.none VALUES (${n % 3}, 'y'); TRUNCATE public.short_lived; INSERT INTO public.short_lived VALUES (${n});
UPDATE public.parts SET m = CASE m WHEN 'ok' THEN 'sad'::public.mood ELSE 'ok' END;`;

const signal = new AbortController().signal;
const engine = anEngine();
const { replication } = engine;
if (!replication) throw new Error("PostgreSQL is not replicated");
const open: Followed[] = [];

interface Followed {
  readonly pair: DatabasePair;
  readonly plan: ReplicationPlan;
  fenced?: { readonly undo: JsonObject; readonly hold: FenceHold };
}

afterEach(async () => {
  for (const { pair, plan, fenced } of open.splice(0)) {
    await fenced?.hold.release();
    if (fenced) await engine.unfence(pair.source, fenced.undo, plan.id, signal);
    await replication.end(pair, plan.id, signal);
    await engine.drop(pair.target, signal);
    await engine.drop(pair.source, signal);
  }
});

async function aFollowed(majors: readonly [FleetMajor, FleetMajor]): Promise<Followed> {
  const pair = await aPair(majors, SQL);
  const plan = { id: `mig_${randomBytes(8).toString("hex")}`, backlogLimitBytes: 1024 ** 3 };
  const followed = { pair, plan };
  open.push(followed);
  await engine.provision(pair, aPlan(), aCall());
  await engine.copySchema(pair, aCall());
  await replication?.start(pair, plan, aCall());
  return followed;
}

/** The end of a switch: what comes after the comparison before it. */
async function switchOver(followed: Followed): Promise<Proof> {
  const { pair, plan } = followed;
  const undo = await engine.planFence(pair.source, signal);
  const hold = await engine.fence(pair.source, undo, plan.id, aCall());
  followed.fenced = { undo, hold };
  await replication?.drain(pair, plan, { hold, call: aCall() });
  if (!replication) throw new Error("PostgreSQL is not replicated");
  return replication.verify(pair, plan, { hold, call: aCall() });
}

/** Runs `work` while an application writes; resolves when the application has stopped. */
async function whileWriting(source: DatabaseAccess, work: () => Promise<void>): Promise<number> {
  const client = new Client({ connectionString: appUrl(source) });
  client.on("error", () => undefined);
  await client.connect();
  const over = new AbortController();
  let rounds = 0;
  const writing = (async () => {
    while (!over.signal.aborted) await client.query(changes((rounds += 1)));
  })();
  await work().finally(() => over.abort());
  await writing;
  await client.end();
  return rounds;
}

/** Times that the large table was read as a whole; sessions that ended a moment ago are counted a moment later. */
const scansOf = async (source: DatabaseAccess): Promise<number> => {
  await sleep(1_000);
  const sql = "SELECT seq_scan::int AS scans FROM pg_stat_user_tables WHERE relname = 'big'";
  return (await querySql<{ scans: number }>(adminUrl(source), sql))[0]?.scans ?? 0;
};

const countRows = async (database: DatabaseAccess): Promise<number> => {
  const tables = [
    "big",
    "odd",
    "price",
    "behind",
    "none",
    "short_lived",
    "parts",
    "stays",
    "sums",
    "columns",
  ];
  const sql = tables.map((name) => `(SELECT count(*) FROM public.${name})`).join(" + ");
  return Number((await querySql<{ n: string }>(adminUrl(database), `SELECT ${sql} AS n`))[0]?.n);
};

describe.each([
  [14, 15],
  [15, 18],
] as const)("a proof made before the fence, PostgreSQL %i to %i", (from, to) => {
  it("holds while an application writes, and is completed without reading the large table again", async () => {
    const followed = await aFollowed([from, to]);
    const { pair, plan } = followed;
    const rounds = await whileWriting(pair.source, async () => {
      await replication.prepareSwitch(pair, plan, aCall());
      await replication.prepareSwitch(pair, plan, aCall());
    });
    expect(rounds).toBeGreaterThan(5);
    const scans = await scansOf(pair.source);
    const proof = await switchOver(followed);
    expect(await scansOf(pair.source)).toBe(scans);
    expect(proof.rows).toBe(await countRows(pair.source));
    expect(await countRows(pair.target)).toBe(proof.rows);
  });
});

describe("a proof made before the fence", () => {
  it("finds a row that differs while the old database is still open", async () => {
    const { pair, plan } = await aFollowed([15, 18]);
    await querySql(adminUrl(pair.target), "UPDATE public.big SET note = 'other' WHERE id = 77");
    await expect(replication.prepareSwitch(pair, plan, aCall())).rejects.toMatchObject({
      code: "verification-mismatch",
      message: expect.stringContaining('table "public"."big"'),
    });
    await querySql(appUrl(pair.source), "INSERT INTO public.none VALUES (9, 'open')");
  });

  it("is refuted by a change that the new database did not take as it was", async () => {
    const followed = await aFollowed([15, 18]);
    const { pair, plan } = followed;
    await replication.prepareSwitch(pair, plan, aCall());
    await querySql(adminUrl(pair.target), "DELETE FROM public.big WHERE id = 4711");
    await querySql(appUrl(pair.source), "UPDATE public.big SET note = 'changed' WHERE id = 4711");
    await expect(switchOver(followed)).rejects.toMatchObject({
      code: "verification-mismatch",
      message: expect.stringMatching(/"public"\."big" \(id 4711, 1 rows in the old and 0 in the new\)/),
    });
  });

  it("is out of date when it lost sight of the changes, and is made anew", async () => {
    const followed = await aFollowed([15, 18]);
    const { pair, plan } = followed;
    await replication.prepareSwitch(pair, plan, aCall());
    const end = `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE temporary AND database = current_database()`;
    expect(await querySql(adminUrl(pair.source), end)).toHaveLength(1);
    await expect(switchOver(followed)).rejects.toMatchObject({ code: "proof-outdated", class: "transient" });

    await engine.unfence(pair.source, followed.fenced?.undo ?? {}, plan.id, signal);
    await replication.resume(pair, plan, signal);
    await querySql(appUrl(pair.source), changes(1));
    await replication.prepareSwitch(pair, plan, aCall());
    expect((await switchOver(followed)).rows).toBe(await countRows(pair.source));
  });

  it("looks again at a table that was rewritten, whose rows are in no stream", async () => {
    const followed = await aFollowed([15, 18]);
    const { pair, plan } = followed;
    await replication.prepareSwitch(pair, plan, aCall());
    await querySql(appUrl(pair.source), "ALTER TABLE public.big ALTER note TYPE text USING upper(note)");
    await expect(switchOver(followed)).rejects.toMatchObject({
      code: "verification-mismatch",
      message: expect.stringContaining('"public"."big"'),
    });
  });

  it("refuses a table that was made again, which is replicated no longer", async () => {
    const { pair, plan } = await aFollowed([15, 18]);
    const fingerprint = await engine.schemaFingerprint(pair.source, signal);
    await querySql(
      appUrl(pair.source),
      `CREATE TABLE public.other (LIKE public.price INCLUDING ALL); DROP TABLE public.price;
       ALTER TABLE public.other RENAME TO price; ALTER INDEX public.other_pkey RENAME TO price_pkey`,
    );
    expect(await engine.schemaFingerprint(pair.source, signal)).toBe(fingerprint);
    await expect(replication.prepareSwitch(pair, plan, aCall())).rejects.toMatchObject({
      code: "schema-changed",
      message: expect.stringContaining("made again"),
    });
  });

  it("takes over from a session that a dead worker has left", async () => {
    const followed = await aFollowed([15, 18]);
    const { pair, plan } = followed;
    const config = { connectionString: adminUrl(pair.source), replication: "database" };
    const left = new Client(config);
    left.on("error", () => undefined);
    await left.connect();
    const slot = `${proofSlots(replicationNames(plan.id).name)}1`;
    await left.query(`CREATE_REPLICATION_SLOT ${slot} TEMPORARY LOGICAL pgoutput`);
    await replication.prepareSwitch(pair, plan, aCall());
    expect((await switchOver(followed)).rows).toBe(await countRows(pair.source));
    await left.end().catch(() => undefined);
  });

  it("leaves no slot when the replication ends", async () => {
    const { pair, plan } = await aFollowed([15, 18]);
    await replication.prepareSwitch(pair, plan, aCall());
    await replication.end(pair, plan.id, signal);
    const slots = "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()";
    await until(async () => (await querySql(adminUrl(pair.source), slots)).length === 0, { what: "no slot" });
  });
});
