import type { Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import type { Log } from "../../src/core/ports/log.ts";
import { applySchema } from "../../src/store/apply-schema.ts";
import { createOwnership } from "../../src/store/ownership.ts";
import { createTestDatabase, openPool, type TestDatabase } from "../support/test-database.ts";

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
const times = { ttlMs: 600, beatMs: 50 };

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 5);
  await applySchema(pool);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const ownership = () => createOwnership({ pool, clock: systemClock, log, times });
const patience = () => AbortSignal.timeout(5_000);

it("gives a right to one process at a time, and to the next as soon as it is given back", async () => {
  const order: string[] = [];
  const first = await ownership().own("gateway", patience());
  const second = ownership()
    .own("gateway", patience())
    .then((owned) => {
      order.push("second owns");
      return owned;
    });
  const other = await ownership().own("something else", patience());
  await new Promise((resolve) => setTimeout(resolve, times.ttlMs * 2));
  order.push("first gives back");
  await first.release();
  await (await second).release();
  await other.release();

  expect(order).toEqual(["first gives back", "second owns"]);
  expect(first.lost.aborted).toBe(false);
});

it("passes a right on when its holder is not heard of any more", async () => {
  await pool.query(
    "INSERT INTO godwit.ownerships VALUES ('crashed', 'nobody', clock_timestamp() + interval '300 ms')",
  );
  const before = Date.now();
  const owned = await ownership().own("crashed", patience());

  expect(Date.now() - before).toBeGreaterThanOrEqual(250);
  await owned.release();
});

it("tells a holder that lost its right, before another could have begun", async () => {
  const owned = await ownership().own("stolen", patience());
  const lost = new Promise((resolve) => owned.lost.addEventListener("abort", resolve));
  await pool.query("UPDATE godwit.ownerships SET owner = 'thief' WHERE name = 'stolen'");
  await lost;

  await owned.release();
  const { rows } = await pool.query("SELECT owner FROM godwit.ownerships WHERE name = 'stolen'");
  expect(rows).toEqual([{ owner: "thief" }]);
});

it("stops a holder that cannot reach the database before its right runs out", async () => {
  const cut = openPool(database.url, 1);
  const owned = await createOwnership({ pool: cut, clock: systemClock, log, times }).own("cut", patience());
  const lost = new Promise((resolve) => owned.lost.addEventListener("abort", resolve));
  await cut.end();
  const before = Date.now();
  await lost;

  expect(Date.now() - before).toBeLessThan(times.ttlMs);
  await owned.release();
});

it("stops a holder whose database keeps silent before its right runs out", async () => {
  const silent = openPool(database.url, 1);
  const owned = await createOwnership({ pool: silent, clock: systemClock, log, times }).own(
    "silent",
    patience(),
  );
  const lost = new Promise((resolve) => owned.lost.addEventListener("abort", () => resolve("lost")));
  const busy = await silent.connect();
  const late = new Promise((resolve) => setTimeout(resolve, times.ttlMs, "late"));

  expect(await Promise.race([lost, late])).toBe("lost");
  busy.release();
  await owned.release();
  await silent.end();
});

it("stops waiting when it is told to", async () => {
  const holder = await ownership().own("held", patience());
  const waiting = ownership().own("held", AbortSignal.timeout(100));

  await expect(waiting).rejects.toThrow();
  await holder.release();
});
