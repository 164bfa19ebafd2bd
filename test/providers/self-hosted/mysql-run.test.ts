import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import mysql from "mysql2/promise";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { type MysqlServer, startMysql } from "../../../playground/servers/mysql.ts";
import type { MysqlServerName } from "../../../scripts/tools/ensure-tools.ts";
import { loadConfig } from "../../../src/config.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { engineCapabilities } from "../../../src/engines/index.ts";
import { createMysqlEngine } from "../../../src/engines/mysql/index.ts";
import { createProvider } from "../../../src/providers/index.ts";
import { aPairOn } from "../../engines/mysql/databases.ts";
import { mysqlUrl } from "../../support/shared-servers.ts";
import { until } from "../../support/until.ts";
import { aFolder, aLog, NEVER } from "./helpers/a-fleet.ts";
import { createMemoryFleetStore } from "./helpers/memory-fleet-store.ts";
import { Shop, uriIn } from "./helpers/mysql-shop.ts";
import { aRun, type Run, runSteps, undoSteps } from "./helpers/run-steps.ts";

const clock: Clock = { now: () => new Date(), sleep: async (ms) => await sleep(ms) };
const made: DatabaseAccess[] = [];
const TARGET = { planId: "my-m", version: "MariaDB 11.8", zone: "par", strategy: "dump" } as const;

afterAll(async () => {
  for (const database of made) await createMysqlEngine().drop(database, NEVER);
});

/** A fleet of two MariaDB servers with the add-on `catalog`, described in a godwit.yaml. */
async function aCatalog(urlOf: (name: MysqlServerName) => Promise<string> = mysqlUrl) {
  const [from, to] = [
    { name: "mariadb-10.11", url: await urlOf("mariadb-10.11") },
    { name: "mariadb-11.8", url: await urlOf("mariadb-11.8") },
  ] as const;
  const folder = await aFolder();
  const { source } = await aPairOn(
    [from, to],
    ["CREATE TABLE items (number int PRIMARY KEY, note text, KEY note (note(10)))"],
  );
  made.push(source);
  const envFile = join(folder, "catalog.env");
  const variables = Object.entries(createMysqlEngine().environment(source));
  await writeFile(
    envFile,
    variables.map(([name, value]) => `${name}=${JSON.stringify(value.reveal())}\n`).join(""),
  );
  const size = (id: string, memory: string) => ({
    id,
    engine: "mysql",
    name: id,
    vcpus: 1,
    memory,
    disk: memory,
    connections: 50,
    price: 9,
  });
  const servers = [from, to].map(({ name, url }) => ({
    id: name,
    engine: "mysql",
    zone: "par",
    url,
    plans: ["my-s", "my-m"],
  }));
  const { database, username: user, password } = source;
  const addon = {
    id: "addon_catalog",
    name: "catalog",
    server: "mariadb-10.11",
    plan: "my-s",
    database,
    user,
    password: password.reveal().replaceAll("$", "$$$$"),
    applications: ["site"],
  };
  const application = {
    id: "site",
    name: "Site",
    env: { file: envFile },
    restart: { command: [process.execPath, "-e", "0"] },
  };
  const provider = {
    kind: "self-hosted",
    name: "fleet",
    currency: "EUR",
    plans: [size("my-s", "1GiB"), size("my-m", "2GiB")],
    servers,
    addons: [addon],
    applications: [application],
  };
  const file = join(folder, "godwit.yaml");
  await writeFile(file, stringify({ support: { slack: { usergroup: "S0SUPPORT" } }, providers: [provider] }));
  return { file, envFile, source };
}

async function aWorld(file: string) {
  const environment = { GODWIT_CONFIG: file, SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" };
  const { providers } = await loadConfig({ environment, folder: "/", engines: engineCapabilities });
  const [described] = providers;
  if (described?.kind !== "self-hosted") throw new Error("the file describes no fleet");
  const [lines, store] = [[] as string[], createMemoryFleetStore(() => clock.now())];
  const log = aLog(lines);
  const engines = { mysql: createMysqlEngine({ jobs: 2 }) };
  const provider = createProvider(described, { engines, fleet: store, log, clock, randomBytes });
  return { provider, clock, log, store, lines };
}

/** Everything that the application was told is written is where its env file says. */
async function expectNothingLost(envFile: string, shop: Shop): Promise<void> {
  const session = await mysql.createConnection(await uriIn(envFile));
  const [rows] = await session.query<mysql.RowDataPacket[]>("SELECT number FROM items");
  await session.end();
  const there = new Set(rows.map((row) => Number(row["number"])));
  expect(shop.accepted.filter((number) => !there.has(number))).toEqual([]);
}

function expectNoSecret({ lines, store }: Awaited<ReturnType<typeof aWorld>>, run: Run): void {
  const told = JSON.stringify([[...run.outputs], [...run.checkpoints], run.fence, lines, run.progress]);
  for (const secret of store.secrets.values()) expect(told).not.toContain(secret.reveal());
}

test("moves a catalog under a writing application from MariaDB 10.11 to 11.8 and loses nothing", {
  timeout: 180_000,
}, async () => {
  const { file, envFile } = await aCatalog();
  const [world, shop] = [await aWorld(file), new Shop(envFile)];
  try {
    await until(() => shop.accepted.length > 50, { what: "the application to write" });
    const run = await aRun(world.provider, TARGET, "addon_catalog");
    expect(run.migration.source).toMatchObject({ engineName: "MySQL", version: "MariaDB 10.11" });
    const report = await world.provider.preflight(
      (await world.provider.getAddon("addon_catalog", NEVER)) as never,
      TARGET,
      NEVER,
    );
    expect(report.findings.filter(({ level }) => level === "blocker")).toEqual([]);
    await runSteps(world, run);
    const { length } = shop.accepted;
    await until(() => shop.accepted.length > length + 20, {
      what: "the application to write on the new server",
    });
    await shop.stop();
    expect((await world.provider.outcome(run.migration)).applications).toEqual([
      { name: "Site", connectedAt: expect.any(Date) },
    ]);
    await expectNothingLost(envFile, shop);
    expect([...shop.refusals]).toContain(1142);
    expectNoSecret(world, run);
  } finally {
    await shop.stop();
    await world.provider.close();
  }
});

test("returns to the old catalog when the copy fails, and the application writes on", {
  timeout: 180_000,
}, async () => {
  const { file, envFile } = await aCatalog();
  const [world, shop] = [await aWorld(file), new Shop(envFile)];
  try {
    await until(() => shop.accepted.length > 10, { what: "the application to write" });
    const run = await aRun(world.provider, TARGET, "addon_catalog");
    await runSteps(world, run, "copy-data");
    await undoSteps(world, run);
    const { length } = shop.accepted;
    await until(() => shop.accepted.length > length + 20, { what: "the application to write again" });
  } finally {
    await shop.stop();
    await world.provider.close();
  }
});

/** Servers that write a binary log, by which one can follow the other. */
async function withLogs(work: (urlOf: (name: MysqlServerName) => Promise<string>) => Promise<void>) {
  const settings = { "log-bin": "binlog", "binlog-format": "ROW" };
  const servers = new Map<MysqlServerName, MysqlServer>();
  try {
    for (const [name, id] of [
      ["mariadb-10.11", "31"],
      ["mariadb-11.8", "32"],
    ] as const)
      servers.set(name, await startMysql(name, { ...settings, "server-id": id }));
    await work(async (name) => servers.get(name)?.url ?? "");
  } finally {
    for (const server of servers.values()) await server.stop();
  }
}

test("moves a catalog by replication under a writing application, and loses nothing", {
  timeout: 180_000,
}, async () => {
  await withLogs(async (urlOf) => {
    const { file, envFile } = await aCatalog(urlOf);
    made.pop(); // Goes with its server.
    const [world, shop] = [await aWorld(file), new Shop(envFile)];
    try {
      await until(() => shop.accepted.length > 50, { what: "the application to write" });
      const live = { ...TARGET, strategy: "live" } as const;
      const run = await aRun(world.provider, live, "addon_catalog");
      await runSteps(world, run);
      const { length } = shop.accepted;
      await until(() => shop.accepted.length > length + 20, {
        what: "the application to write on the new server",
      });
      await shop.stop();
      await expectNothingLost(envFile, shop);
      expect(run.results.get("verify")?.proof?.rows).toBeGreaterThan(50);
      expectNoSecret(world, run);
    } finally {
      await shop.stop();
      await world.provider.close();
    }
  });
});
