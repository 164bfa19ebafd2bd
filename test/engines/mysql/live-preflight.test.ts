import { afterAll, beforeAll, expect, test } from "vitest";
import { type MysqlServer, startMysql } from "../../../playground/servers/mysql.ts";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { aPair, aPairOn, aPlan, asRoot } from "./databases.ts";
import { anEngine } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const TABLE = ["CREATE TABLE kept (id int PRIMARY KEY)"];
let servers: Readonly<Record<"mariadb" | "next" | "mysql" | "numbered", MysqlServer>>;

beforeAll(async () => {
  const log = { "log-bin": "binlog" };
  const gtid = { "gtid-mode": "ON", "enforce-gtid-consistency": "ON" };
  servers = {
    mariadb: await startMysql("mariadb-10.11", { ...log, "server-id": "41", "binlog-format": "ROW" }),
    next: await startMysql("mariadb-11.8", { "server-id": "42" }),
    mysql: await startMysql("mysql-9", { ...log, "server-id": "43", "gtid-mode": "OFF" }),
    numbered: await startMysql("mysql-9", { ...log, "server-id": "43", ...gtid }),
  };
}, 300_000);

afterAll(async () => {
  for (const server of Object.values(servers ?? {})) await server.stop();
});

const aMariadbPair = (statements: readonly string[] = TABLE): Promise<DatabasePair> =>
  aPairOn([servers.mariadb, servers.next], statements);

/** Runs a statement about one server while `work` runs, and takes it back. */
async function withSetting(
  access: DatabaseAccess,
  [name, value, usual]: readonly [string, string, string],
  work: () => Promise<void>,
): Promise<void> {
  const root = { ...access, database: "mysql" };
  await asRoot(root, (session) => session.run(`SET GLOBAL ${name} = ${value}`));
  try {
    await work();
  } finally {
    await asRoot(root, (session) => session.run(`SET GLOBAL ${name} = ${usual}`));
  }
}

async function refusal({ source }: DatabasePair): Promise<unknown> {
  return engine.judgeStrategy("live", await engine.inspect(source, signal));
}

async function blockers({ source, target }: DatabasePair): Promise<string[]> {
  const input = {
    source,
    target,
    targetServer: target.server,
    targetPlan: aPlan(),
    strategy: "live",
  } as const;
  const findings = await engine.preflight(input, signal);
  return findings
    .filter(({ level, remedy }) => level === "blocker" && (remedy ?? "") !== "")
    .map(({ check, summary }) => `${check}: ${summary}`);
}

const refusedWith = (code: string, summary: RegExp) => ({
  allowed: false,
  refusal: {
    code,
    field: "strategy",
    summary: expect.stringMatching(summary),
    remedy: expect.stringMatching(/\S/),
  },
});

test("nothing stands against servers that write their rows to a binary log", async () => {
  const pair = await aMariadbPair();
  expect(await refusal(pair)).toEqual({ allowed: true });
  expect(await blockers(pair)).toEqual([]);
});

test("a server without a binary log is refused", async () => {
  const pair = await aPair(["mariadb-10.11", "mariadb-11.8"], TABLE);
  expect(await refusal(pair)).toMatchObject(refusedWith("live-binary-log", /writes no binary log/));
  await engine.drop(pair.source, signal);
});

test.each([
  ["binlog_format", "'MIXED'", "'ROW'", "live-binlog-format", /binlog_format is MIXED/],
  ["binlog_row_image", "'MINIMAL'", "'FULL'", "live-binlog-row-image", /binlog_row_image is MINIMAL/],
] as const)("%s %s of the old server is refused", async (name, value, usual, code, says) => {
  const pair = await aMariadbPair();
  await withSetting(pair.source, [name, value, usual], async () => {
    expect(await refusal(pair)).toMatchObject(refusedWith(code, says));
  });
});

test.each([
  ["live-primary-key", "CREATE TABLE keyless (a int)", /no primary key.*“keyless”/],
  ["live-storage-engine", "CREATE TABLE old (a int PRIMARY KEY) ENGINE = MyISAM", /not InnoDB's: “old”/],
] as const)("a table is refused by %s", async (code, statement, says) => {
  expect(await refusal(await aMariadbPair([statement]))).toMatchObject(refusedWith(code, says));
});

test.each([
  ["server_id", "41", "42", /^server-id: .*41 and 41/],
  ["gtid_strict_mode", "ON", "OFF", /^gtid-strict-mode: /],
  ["slave_run_triggers_for_rbr", "'YES'", "'NO'", /^replica-triggers: /],
] as const)("%s = %s of the new server is refused", async (name, value, usual, says) => {
  const pair = await aMariadbPair();
  await withSetting(pair.target, [name, value, usual], async () => {
    expect(await blockers(pair)).toEqual([expect.stringMatching(says)]);
  });
});

test("tables of the same name in databases of the same name are refused on MariaDB", async () => {
  const pair = await aMariadbPair();
  const statements = ["CREATE DATABASE namesake", "CREATE TABLE namesake.t (id int PRIMARY KEY)"];
  for (const access of [pair.source, pair.target])
    await asRoot({ ...access, database: "mysql" }, async (root) => {
      for (const statement of statements) await root.run(statement);
    });
  expect(await blockers(pair)).toEqual([expect.stringMatching(/^namesakes: .*“namesake\.t”/)]);
  await asRoot({ ...pair.target, database: "mysql" }, (root) => root.run("DROP DATABASE namesake"));
});

test("servers of MySQL that number transactions differently, or have one number, are refused", async () => {
  const pair = await aPairOn([servers.mysql, servers.numbered], TABLE);
  expect(await blockers(pair)).toEqual([
    expect.stringMatching(/^server-id: .*43 and 43/),
    expect.stringMatching(/^gtid-mode: .*OFF and ON/),
  ]);
});
