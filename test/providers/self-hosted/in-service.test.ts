import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Addon } from "../../../src/core/addon.ts";
import { createMysqlEngine } from "../../../src/engines/mysql/index.ts";
import { createPostgresqlEngine } from "../../../src/engines/postgresql/index.ts";
import { createRedisEngine } from "../../../src/engines/redis/index.ts";
import { readNamedPlace } from "../../../src/providers/self-hosted/env-file/named-place.ts";
import { aFleet, aLog, NEVER, type TestFleet } from "./helpers/a-fleet.ts";
import { aRun, runSteps, undoSteps } from "./helpers/run-steps.ts";

const TARGET = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;
const HOUR = 3_600_000;

test.each([
  [
    "PostgreSQL's URI",
    createPostgresqlEngine(),
    { POSTGRESQL_ADDON_URI: "postgresql://u:p@db.example/or%20ders?sslmode=require" },
    { host: "db.example", port: "5432", database: "or ders" },
  ],
  [
    "PostgreSQL's single variables",
    createPostgresqlEngine(),
    { POSTGRESQL_ADDON_HOST: "db.example", POSTGRESQL_ADDON_DB: "orders", DATABASE_URL: "postgres://x/y" },
    { host: "db.example", port: "", database: "orders" },
  ],
  [
    "MySQL's URI",
    createMysqlEngine(),
    { MYSQL_ADDON_URI: "mysql://u:p@[::1]:3307/catalog" },
    { host: "::1", port: "3307", database: "catalog" },
  ],
  [
    "Redis' URL, which names no database",
    createRedisEngine(),
    { REDIS_URL: "redis://:p@cache.example:6380/3" },
    { host: "cache.example", port: "6380", database: "" },
  ],
  ["nothing", createRedisEngine(), { PORT: "3000" }, { host: "", port: "", database: "" }],
  [
    "no URL at all",
    createPostgresqlEngine(),
    { POSTGRESQL_ADDON_URI: "nonsense" },
    { host: "", port: "", database: "" },
  ],
] as const)("reads from an env file where the database is: %s", (_, engine, variables, place) => {
  expect(readNamedPlace(new Map(Object.entries(variables)), engine)).toEqual(place);
});

async function orders({ provider }: TestFleet): Promise<Addon> {
  const addon = await provider.getAddon("addon_orders", NEVER);
  if (addon === undefined) throw new Error("there are no orders");
  return addon;
}

async function aSwitchedFleet() {
  const fleet = await aFleet();
  const run = await aRun(fleet.provider, TARGET);
  const world = { provider: fleet.provider, clock: fleet.clock, log: aLog(fleet.lines), store: fleet.store };
  await runSteps(world, run, "copy-schema");
  const made = run.outputs.get("provision")?.["target"] as { readonly database: string } | undefined;
  const database = made?.database ?? "";
  const write = (text: string) => writeFile(join(fleet.folder, "shop.env"), text);
  return { fleet, run, world, database, write };
}

test("neither fills nor drops a database that an env file names, whatever the records say", async () => {
  const { fleet, run, world, database, write } = await aSwitchedFleet();
  await write(`DATABASE_URL=postgres://u:p@pg18.db.example:5432/${database}\n`);
  fleet.engine.calls.length = 0;

  await expect(runSteps(world, run)).rejects.toMatchObject({
    code: "target-in-service",
    class: "permanent",
    remedy: expect.stringContaining("older copy"),
  });
  await expect(undoSteps(world, run)).rejects.toMatchObject({ code: "target-in-use" });
  expect(fleet.engine.calls.filter((call) => /^(copyData|drop)/.test(call))).toEqual([]);
});

test("keeps an old database for as long as an env file names it", async () => {
  const { fleet, write } = await aSwitchedFleet();
  fleet.engine.databases.add("pg15/orders_old");
  fleet.store.retirements.push({
    migrationId: "mig_1",
    addonId: "addon_orders",
    providerName: "fleet",
    serverId: "pg15",
    database: "orders_old",
    username: "orders_old",
    dropAt: new Date(fleet.clock.now().getTime() + 24 * HOUR),
    announcedAt: fleet.clock.now(),
  });
  fleet.clock.forward(30 * HOUR);
  await write("DATABASE_URL=postgres://u:p@pg15.db.example:5432/orders_old\n");
  expect(await fleet.provider.sweep(fleet.clock.now(), NEVER)).toEqual([]);
  expect(fleet.lines.join()).toContain("old database not dropped");
  await write("DATABASE_URL=postgres://u:p@pg18.db.example:5432/orders\n");
  expect(await fleet.provider.sweep(fleet.clock.now(), NEVER)).toMatchObject([{ kind: "retired" }]);
});

test.each([
  ["another database", "postgres://u:p@pg15.db.example:5432/orders_new"],
  ["another server of the fleet", "postgres://u:p@pg18.db.example:5432/orders"],
])("preflight stops where an env file names %s", async (_, url) => {
  const { fleet, write } = await aSwitchedFleet();
  await write(`DATABASE_URL=${url}\n`);

  const { findings } = await fleet.provider.preflight(await orders(fleet), TARGET, NEVER);
  expect(findings.find(({ check }) => check === "application-elsewhere")).toMatchObject({
    level: "blocker",
    summary: expect.stringContaining("The env file shop.env of Shop names another database than orders"),
  });
});

test("a host of another name is no other server, since one may have several", async () => {
  const { fleet, write } = await aSwitchedFleet();
  await write("DATABASE_URL=postgres://u:p@orders.internal:5432/orders\n");

  const { findings } = await fleet.provider.preflight(await orders(fleet), TARGET, NEVER);
  expect(findings.map(({ check }) => check)).not.toContain("application-elsewhere");
});

test("does not switch an application that names another database by then", async () => {
  const { run, world, write } = await aSwitchedFleet();
  await runSteps(world, run, "verify");
  await write("DATABASE_URL=postgres://u:p@pg15.db.example:5432/elsewhere\n");

  await expect(runSteps(world, run)).rejects.toMatchObject({ code: "application-elsewhere" });
  expect(run.pivots).toEqual([]);
});
