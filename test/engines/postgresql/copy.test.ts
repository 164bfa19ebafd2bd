import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { planJobs } from "../../../src/engines/postgresql/copy/parts.ts";
import { sortMemory } from "../../../src/engines/postgresql/copy/sort-memory.ts";
import { groupEntries } from "../../../src/engines/postgresql/schema/try-post-data.ts";
import type { Table } from "../../../src/engines/postgresql/tables.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";
import { anEngine, aPair, aPlan } from "./make-subject.ts";
import { readContent } from "./read-content.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const made: DatabaseAccess[] = [];
const HOLDER = "godwit mig_copy";
const MEBIBYTE = 2 ** 20;

afterEach(async () => {
  for (const database of made.splice(0)) await engine.drop(database, signal);
});

/** Copies a database as a migration does, and proves it; `between` runs when the schema is there. */
async function copied(sql: string, between?: (pair: DatabasePair) => Promise<void>) {
  const pair = await aPair([15, 18], sql);
  made.push(pair.source, pair.target);
  await engine.provision(pair, aPlan(), aCall());
  await engine.copySchema(pair, aCall());
  await between?.(pair);
  const undo = await engine.planFence(pair.source, signal);
  const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
  const call = aCall();
  const report = await engine.copyData(pair, hold, call);
  await engine.verify(pair, hold, aCall());
  await engine.unfence(pair.source, undo, HOLDER, signal);
  return { pair, report, reports: call.reports };
}

async function one<Row extends object>(database: DatabaseAccess, sql: string): Promise<Row | undefined> {
  return (await querySql<Row>(adminUrl(database), sql))[0];
}

const aTable = (name: string, mebibytes: number): Table => ({
  oid: name.charCodeAt(0),
  schema: "public",
  name,
  sql: `"public"."${name}"`,
  pages: Math.ceil(mebibytes * 128),
  bytes: mebibytes * MEBIBYTE,
  columns: [],
  incarnation: "",
});

describe("the plan of a copy", () => {
  const options = { workers: 2, sourceVersion: 150_000 };

  it("splits the table that outweighs all others, and leaves the others whole", () => {
    const jobs = planJobs([aTable("b", 40), aTable("a", 900), aTable("c", 20)], options);
    const parts = jobs.flatMap((job) => job.parts);
    expect(parts.filter(({ table }) => table.name === "a").length).toBeGreaterThan(4);
    expect(parts.filter(({ table }) => table.name !== "a").map(({ pages }) => pages)).toEqual([null, null]);
    expect(parts[0]?.table.name).toBe("a");
  });

  it("reads each page of a split table once, and to its end", () => {
    const [first, ...rest] = planJobs([aTable("a", 900)], options).flatMap((job) => job.parts);
    let next = first?.pages?.to;
    for (const { pages } of rest) {
      expect(pages?.from).toBe(next);
      next = pages?.to;
    }
    expect([first?.pages?.from, next]).toEqual([0, null]);
  });

  it("splits nothing where ranges of pages cannot be read, or only one worker is there", () => {
    for (const other of [
      { ...options, sourceVersion: 130_000 },
      { ...options, workers: 1 },
    ]) {
      expect(planJobs([aTable("a", 900)], other)).toHaveLength(1);
    }
  });

  it("puts small tables into few jobs, and leaves out empty ones", () => {
    const small = Array.from({ length: 250 }, (_, index) => aTable(`t${index}`, 0.01));
    expect(planJobs([...small, aTable("e", 0)], options).map(({ parts }) => parts.length)).toEqual([
      100, 100, 50,
    ]);
  });
});

describe("sorting on the target", () => {
  it("takes an eighth of the server's memory together, within limits", () => {
    const gibibyte = 1024 * MEBIBYTE;
    expect(sortMemory({ buffers: 4 * gibibyte, own: 0 }, 4)).toBe("512MB");
    expect(sortMemory({ buffers: 128 * MEBIBYTE, own: 0 }, 4)).toBe("64MB");
    expect(sortMemory({ buffers: 0, own: 300 * MEBIBYTE }, 4)).toBe("300MB");
    expect(sortMemory({ buffers: 64 * gibibyte, own: 0 }, 1)).toBe("1024MB");
  });
});

describe("the trial of a schema", () => {
  it("keeps entries that need each other together", () => {
    const entry = (id: number, needs: number[]) => ({ id, oid: 0, type: "INDEX", label: "", needs, sql: "" });
    const groups = groupEntries([entry(1, [90]), entry(2, [90]), entry(3, [1]), entry(4, [3, 91])]);
    expect(groups.map((group) => group.map(({ id }) => id))).toEqual([[1, 3, 4], [2]]);
  });

  it("leaves nothing behind", async () => {
    const indexes = "SELECT count(*)::int AS count FROM pg_class WHERE relkind = 'i' AND relname = 't_pkey'";
    await copied("CREATE TABLE t (a int PRIMARY KEY)", async ({ target }) => {
      expect(await one(target, indexes)).toEqual({ count: 0 });
    });
  });
});

describe("copying", () => {
  it("takes 400 tables over in few transactions and statements", async () => {
    const make = `DO $$ BEGIN FOR n IN 1..400 LOOP EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, v text)', 't' || n);
      EXECUTE format('INSERT INTO %I SELECT i, i FROM generate_series(1, 3) i', 't' || n); END LOOP; END $$`;
    const commits = `SELECT xact_commit::int AS count FROM pg_stat_database WHERE datname = current_database()`;
    const before: number[] = [];
    const { pair, report } = await copied(make, async ({ source }) => {
      before.push((await one<{ count: number }>(source, commits))?.count ?? 0);
    });
    expect(report).toMatchObject({ tables: 400, rows: 1200 });
    const after = (await one<{ count: number }>(pair.source, commits))?.count ?? 0;
    expect(after - (before[0] ?? 0)).toBeLessThan(200);
  });

  it("begins an index when its table is in, while others are still copied", async () => {
    const { reports, pair } = await copied(
      `CREATE TABLE large (id int PRIMARY KEY, v text); INSERT INTO large SELECT i, repeat(md5(i::text), 8) FROM generate_series(1, 150000) i;
       CREATE INDEX ON large (v); CREATE INDEX ON large (md5(v)); CREATE INDEX ON large (reverse(v));
       CREATE TABLE a (v text); CREATE TABLE b (v text); CREATE TABLE c (v text); CREATE TABLE d (v text);
       INSERT INTO a SELECT repeat(i::text, 99) FROM generate_series(1, 20000) i; INSERT INTO b TABLE a; INSERT INTO c TABLE a; INSERT INTO d TABLE a`,
    );
    expect(
      reports.map(({ label }) => label).filter((label) => /building .*large.*; copying [abcd]/.test(label)),
    ).not.toEqual([]);
    expect(await readContent(pair.target)).toEqual(await readContent(pair.source));
  }, 180_000);

  it("makes keys and foreign keys of large tables in two steps, and they are what they were", async () => {
    const { pair } = await copied(
      `CREATE TABLE large (id int, code int, v text, CONSTRAINT "the; key" PRIMARY KEY (id) INCLUDE (code) WITH (fillfactor = 70),
         CONSTRAINT codes UNIQUE NULLS NOT DISTINCT (code, v) DEFERRABLE INITIALLY DEFERRED);
       INSERT INTO large SELECT i, i, repeat('x', 300) FROM generate_series(1, 40000) i;
       ALTER TABLE large CLUSTER ON "the; key"; ALTER TABLE large REPLICA IDENTITY USING INDEX "the; key"; COMMENT ON CONSTRAINT codes ON large IS 'c';
       CREATE TABLE refers (id int PRIMARY KEY, a int, b int, pad text);
       INSERT INTO refers SELECT i, i, i, repeat('y', 300) FROM generate_series(1, 40000) i;
       ALTER TABLE refers ADD CONSTRAINT one FOREIGN KEY (a) REFERENCES refers ON DELETE CASCADE;
       ALTER TABLE refers ADD CONSTRAINT two FOREIGN KEY (b) REFERENCES refers (id) DEFERRABLE`,
    );
    const facts = `SELECT json_agg(json_build_array(conname, contype, convalidated, condeferrable, condeferred, pg_get_constraintdef(c.oid),
        pg_get_indexdef(conindid), i.indisclustered, i.indisreplident, obj_description(c.oid, 'pg_constraint')) ORDER BY conname) AS facts
      FROM pg_constraint c LEFT JOIN pg_index i ON i.indexrelid = c.conindid AND contype <> 'f' WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace`;
    expect(await one(pair.target, facts)).toEqual(await one(pair.source, facts));
  });

  it("freezes the rows of tables that one session copies, and carries over their statistics", async () => {
    const { pair } = await copied(
      `CREATE TABLE main (id int PRIMARY KEY, v text); INSERT INTO main SELECT i, repeat('x', 500) FROM generate_series(1, 100000) i;
       CREATE TABLE side (id int PRIMARY KEY, v text); INSERT INTO side SELECT i, repeat('x', 300) FROM generate_series(1, 30000) i; ANALYZE;
       CREATE FUNCTION plan_of(query text) RETURNS json LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS
         $f$ DECLARE plan json; BEGIN EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || query INTO plan; RETURN plan; END $f$`,
    );
    const plan = await one(
      pair.target,
      `SELECT public.plan_of('SELECT id FROM public.side WHERE id < 500') AS plan`,
    );
    expect(JSON.stringify(plan)).toMatch(/"Heap Fetches":0[,.]/);
    expect(
      await one(pair.target, "SELECT count(*)::int AS count FROM pg_stats WHERE schemaname = 'public'"),
    ).toEqual({ count: 4 });
    await engine.finish(pair.target, aCall());
  });
});
