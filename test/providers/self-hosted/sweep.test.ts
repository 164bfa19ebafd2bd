import { expect, test } from "vitest";
import { aFleet, NEVER } from "./helpers/a-fleet.ts";

const HOUR = 3_600_000;

async function aRetiredDatabase(retentionHours = 72) {
  const fleet = await aFleet(() => ({ retentionMs: retentionHours * HOUR }));
  await fleet.provider.listAddons(NEVER);
  const start = fleet.clock.now();
  fleet.engine.databases.add("pg15/orders_old");
  fleet.store.retirements.push({
    migrationId: "mig_1",
    addonId: "addon_orders",
    providerName: "fleet",
    serverId: "pg15",
    database: "orders_old",
    username: "orders_old",
    dropAt: new Date(start.getTime() + retentionHours * HOUR),
    announcedAt: null,
  });
  const sweepAfter = async (hours: number) => {
    fleet.clock.forward(start.getTime() + hours * HOUR - fleet.clock.now().getTime());
    return await fleet.provider.sweep(fleet.clock.now(), NEVER);
  };
  return { fleet, sweepAfter, dropAt: new Date(start.getTime() + retentionHours * HOUR) };
}

test("announces a day before, once, and drops when due", async () => {
  const { fleet, sweepAfter } = await aRetiredDatabase();
  expect(await sweepAfter(47)).toEqual([]);
  expect(await sweepAfter(48.1)).toMatchObject([{ kind: "retirement-announced", migrationId: "mig_1" }]);
  expect(await sweepAfter(60)).toEqual([]);
  expect(fleet.engine.databases.has("pg15/orders_old")).toBe(true);
  expect(await sweepAfter(72.2)).toEqual([{ kind: "retired", migrationId: "mig_1" }]);
  expect(fleet.engine.databases.has("pg15/orders_old")).toBe(false);
  expect(await sweepAfter(80)).toEqual([]);
});

test("announces half the retention before when that is short", async () => {
  const { sweepAfter } = await aRetiredDatabase(2);
  expect(await sweepAfter(0.9)).toEqual([]);
  expect(await sweepAfter(1.01)).toMatchObject([{ kind: "retirement-announced" }]);
  expect(await sweepAfter(2.02)).toMatchObject([{ kind: "retired" }]);
});

test("still gives a day's notice when Godwit was down past the date", async () => {
  const { sweepAfter } = await aRetiredDatabase();
  const [news] = await sweepAfter(200);
  expect(news?.kind === "retirement-announced" && news.dropAt.getTime() > Date.now() + 200 * HOUR).toBe(true);
  expect(await sweepAfter(223)).toEqual([]);
  expect(await sweepAfter(224.1)).toMatchObject([{ kind: "retired" }]);
});

test("tries again later when the server is down", async () => {
  const { fleet, sweepAfter } = await aRetiredDatabase();
  await sweepAfter(48.1);
  fleet.engine.failNext("drop", Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
  expect(await sweepAfter(72.2)).toEqual([]);
  expect(fleet.lines.join()).toContain("old database not dropped");
  expect(await sweepAfter(72.3)).toMatchObject([{ kind: "retired" }]);
});

test("never drops a database that an add-on lives in again", async () => {
  const { fleet, sweepAfter } = await aRetiredDatabase();
  const record = fleet.store.records.get("addon_orders");
  if (record) fleet.store.records.set("addon_orders", { ...record, database: "orders_old" });
  await sweepAfter(48.1);
  expect(await sweepAfter(100)).toEqual([]);
  expect(fleet.engine.databases.has("pg15/orders_old")).toBe(true);
});
