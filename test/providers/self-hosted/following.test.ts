import { afterEach, expect, test } from "vitest";
import { watchCrashPoints } from "../../../src/core/crash-point.ts";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { type TestFleet, withFleet } from "../../support/with-fleet.ts";
import { NEVER } from "./helpers/a-fleet.ts";
import { aProcess, newUrl, type World } from "./helpers/a-process.ts";
import { aReturn, aRun, type Run, runStep, runSteps, undoSteps } from "./helpers/run-steps.ts";

const LIVE = { planId: "pg-m", version: "18", zone: "par", strategy: "live" } as const;
const SLOW = { timeout: 120_000 };
const OF_SERVER = `SELECT 'slot ' || slot_name AS name FROM pg_replication_slots
  UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'godwit%'
  UNION ALL SELECT 'subscription ' || subname FROM pg_subscription`;

/** Whatever replications have left on both servers. */
async function leftovers({ fleet, orders }: TestFleet, url: string): Promise<unknown[]> {
  const old = fleet.server(15).url;
  const found = [old, fleet.server(18).url].map((server) => querySql(server, OF_SERVER));
  const published = [old.replace(/postgres$/, orders.database), url].map((database) =>
    querySql(database, "SELECT 'publication ' || pubname AS name FROM pg_publication"),
  );
  return (await Promise.all([...found, ...published])).flat();
}

async function writesOn({ shop }: TestFleet): Promise<void> {
  const { accepted } = await shop.status();
  await until(async () => (await shop.status()).accepted > accepted + 20, { what: "the shop to write" });
}

/** Moves the orders, and lets the shop write to the new database. */
async function moved(subject: TestFleet, change = {}): Promise<{ world: World; run: Run; url: string }> {
  const world = await aProcess(subject, undefined, change);
  const run = await aRun(world.provider, LIVE);
  await runSteps(world, run);
  await writesOn(subject);
  return { world, run, url: await newUrl(subject) };
}

const outcomeOf = ({ provider }: World, { migration }: Run) => provider.outcome(migration);
const sweep = ({ provider }: World, days = 0) =>
  provider.sweep(new Date(Date.now() + days * 86_400_000), NEVER);

test("returns to the old database with every write since the switch, sequences included", SLOW, async () => {
  await withFleet({ rows: 2_000, rate: 100 }, async (subject) => {
    const { world, run, url } = await moved(subject);
    expect(await outcomeOf(world, run)).toMatchObject({ notFollowing: null });
    await expect(querySql(subject.orders.url, "SELECT 1")).rejects.toThrow(/permission denied/);
    expect(await sweep(world)).toEqual([]);
    await querySql(url, "SELECT setval('invoice_number', 424242)");

    const back = await aReturn(world.provider, run);
    expect(back.migration.preflight.loss).toMatchObject({ carriedOver: true, written: 0, replaced: 0 });
    await runSteps(world, back);

    expect(await outcomeOf(world, back)).toMatchObject({ loss: { carriedOver: true } });
    expect(back.results.get("verify")?.proof?.rows).toBeGreaterThanOrEqual(2_000);
    expect(await leftovers(subject, url)).toEqual([]);
    await writesOn(subject);
    expect((await subject.shop.status()).connectedTo?.version).toMatch(/^15/);
    await subject.shop.stop();
    expect(await subject.shop.checkJournal(subject.orders.url)).toMatchObject({ missing: [] });
    const [sequence] = await querySql<{ last: string }>(
      subject.orders.url,
      "SELECT last_value::text AS last FROM invoice_number",
    );
    expect(Number(sequence?.last)).toBeGreaterThan(424_242);
    await world.provider.close();
  });
});

afterEach(() => watchCrashPoints(() => undefined));

const planBack = ({ provider }: World, { migration }: Run) =>
  provider.planRevert?.(migration, { isCounted: true, signal: NEVER });

test("is ended and told when a table is changed, and a return counts what it loses again", SLOW, async () => {
  await withFleet({ rows: 500 }, async (subject) => {
    const { world, run, url } = await moved(subject);
    await querySql(url, "ALTER TABLE products ADD COLUMN added int");
    const reason = expect.stringMatching(/^The schema of orders_\w+ has changed since the switch/);
    expect(await sweep(world)).toEqual([{ kind: "following-ended", migrationId: run.migration.id, reason }]);
    expect(await sweep(world)).toEqual([]);
    expect(await leftovers(subject, url)).toEqual([]);
    const plan = await planBack(world, run);
    expect(plan?.preflight.loss?.carriedOver).toBeUndefined();
    expect(plan?.preflight.loss?.written).toBeGreaterThan(0);
    await world.provider.close();
  });
});

test("is ended and told when the old database cannot take a change", SLOW, async () => {
  await withFleet({ rows: 500 }, async (subject) => {
    const { world, run, url } = await moved(subject);
    const old = subject.fleet.server(15).url.replace(/postgres$/, subject.orders.database);
    await querySql(
      old,
      "BEGIN READ WRITE; ALTER TABLE orders ADD CONSTRAINT no CHECK (false) NOT VALID; COMMIT",
    );
    await writesOn(subject);
    const looked = async () => (await sweep(world))[0];
    const news = await until(looked, { what: "the end to be told", timeoutMs: 60_000 });
    expect(news).toMatchObject({
      kind: "following-ended",
      reason: /could not be applied to the old database/,
    });
    expect(await leftovers(subject, url)).toEqual([]);
    expect((await planBack(world, run))?.preflight.loss?.written).toBeGreaterThan(0);
    await world.provider.close();
  });
});

test("is ended and told before it fills the new server's disk", SLOW, async () => {
  await withFleet({ rows: 500 }, async (subject) => {
    const { world, url } = await moved(subject);
    await querySql(
      subject.fleet.server(15).url.replace(/postgres$/, subject.orders.database),
      "BEGIN READ WRITE; ALTER SUBSCRIPTION godwit_mig_0123456789abcdef_back DISABLE; COMMIT",
    );
    await writesOn(subject);
    const narrow = await aProcess(subject, world, { replicationLimitBytes: 1 });
    expect(await sweep(narrow)).toMatchObject([
      {
        kind: "following-ended",
        reason: /^The new server keeps more than .* that the old one has not taken/,
      },
    ]);
    expect(await leftovers(subject, url)).toEqual([]);
    await Promise.all([world.provider.close(), narrow.provider.close()]);
  });
});

test(
  "a return that was confirmed to lose nothing loses nothing when the old database has stopped",
  SLOW,
  async () => {
    await withFleet({ rows: 500 }, async (subject) => {
      const { world, run, url } = await moved(subject);
      const back = await aReturn(world.provider, run);
      await runSteps(world, back, "prepare-return");
      await querySql(url, "ALTER TABLE products ADD COLUMN added int");
      await runStep(world, back, "fence");
      await expect(runStep(world, back, "drain")).rejects.toMatchObject({
        code: "following-ended",
        class: "permanent",
        summary: expect.stringMatching(/has changed since the switch/),
      });
      await undoSteps(world, back);
      await writesOn(subject);
      expect((await subject.shop.status()).connectedTo?.version).toMatch(/^18/);
      expect(await leftovers(subject, url)).toEqual([]);
      await world.provider.close();
    });
  },
);

test("says why where the new server does not allow it, and leaves nothing", SLOW, async () => {
  await withFleet({ rows: 500 }, async (subject) => {
    const world = await aProcess(subject);
    const run = await aRun(world.provider, LIVE);
    await runSteps(world, run, "verify");
    const { url: server } = subject.fleet.server(18);
    const [free] = await querySql<{ free: number }>(
      server,
      `SELECT current_setting('max_replication_slots')::int - count(*)::int AS free FROM pg_replication_slots`,
    );
    const taken = `SELECT pg_create_physical_replication_slot('taken_' || i) FROM generate_series(1, ${free?.free}) i`;
    await querySql(server, taken);
    await runSteps(world, run);
    await querySql(server, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    const { notFollowing } = await outcomeOf(world, run);
    expect(notFollowing).toMatch(
      /^A replication needs 3 free replication slots, and the new server has 0\.$/,
    );
    expect(await leftovers(subject, await newUrl(subject))).toEqual([]);
    expect(await sweep(world)).toEqual([]);
    await writesOn(subject);
    expect((await planBack(world, run))?.preflight.loss?.written).toBeGreaterThan(0);
    await world.provider.close();
  });
});

test("goes with the old database when that is dropped", SLOW, async () => {
  await withFleet({ rows: 500 }, async (subject) => {
    const { world, url } = await moved(subject);
    expect(await sweep(world, 365)).toMatchObject([{ kind: "retirement-announced" }]);
    expect(await sweep(world, 366)).toMatchObject([{ kind: "retired" }]);
    const [old] = await querySql(
      subject.fleet.server(15).url,
      `SELECT 1 FROM pg_database WHERE datname = '${subject.orders.database}'`,
    );
    expect(old).toBeUndefined();
    const made = await Promise.all(
      [15, 18].map((major) => querySql(subject.fleet.server(major as 15 | 18).url, OF_SERVER)),
    );
    expect(made.flat()).toEqual([]);
    expect(await querySql(url, "SELECT pubname FROM pg_publication")).toEqual([]);
    await world.provider.close();
  });
});

test.each(["following: kept", "following: begun"] as const)(
  "is gone on with by another process when one dies at “%s”",
  SLOW,
  async (point) => {
    await withFleet({ rows: 500 }, async (subject) => {
      const first = await aProcess(subject);
      const run = await aRun(first.provider, LIVE);
      const died = new Promise<void>((resolve) => {
        watchCrashPoints((reached) => {
          if (reached !== point) return;
          resolve();
          stop.abort(new Error("killed"));
        });
      });
      const stop = new AbortController();
      const dying = runAll(first, run, stop.signal).catch((error: unknown) => error);
      await died;
      await dying;
      watchCrashPoints(() => undefined);
      await first.provider.close();
      const world = await aProcess(subject, first);
      await runSteps(world, run);
      await writesOn(subject);
      expect(await outcomeOf(world, run)).toMatchObject({ notFollowing: null });
      const back = await aReturn(world.provider, run);
      await runSteps(world, back);
      expect(await leftovers(subject, subject.fleet.server(18).url)).toEqual([]);
      await subject.shop.stop();
      expect(await subject.shop.checkJournal(subject.orders.url)).toMatchObject({ missing: [] });
      await world.provider.close();
    });
  },
);

async function runAll(world: World, run: Run, signal: AbortSignal): Promise<void> {
  for (const { name } of world.provider.steps(run.migration)) await runStep(world, run, name, signal);
}
