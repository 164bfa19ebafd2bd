import { afterAll } from "vitest";
import { type MysqlServer, type MysqlSettings, startMysql } from "../../../playground/servers/mysql.ts";
import type { MysqlServerName } from "../../../scripts/tools/ensure-tools.ts";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { readChannels } from "../../../src/engines/mysql/live/channel.ts";
import { replicationNames } from "../../../src/engines/mysql/live/names.ts";
import { describeLiveContract, type LiveSubject } from "../../contracts/engine-live-contract.ts";
import { aPairOn, aPlan, asApp, asRoot } from "./databases.ts";
import { anEngine } from "./make-subject.ts";

/** Lets an application make triggers on a server that writes a log, as hosted servers do. */
const TRUSTING: MysqlSettings = { "log-bin-trust-function-creators": "ON" };

const servers: MysqlServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

/** Everything that replication carries: counters, triggers, references that cascade, an event, and hostile names. */
const CONTENT = [
  "CREATE TABLE orders (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, note varchar(200), KEY note (note))",
  "INSERT INTO orders (note) VALUES (REPEAT(SHA2(RAND(), 256), 2))",
  ...Array.from(
    { length: 13 },
    () => "INSERT INTO orders (note) SELECT REPEAT(SHA2(RAND(), 256), 2) FROM orders",
  ),
  "CREATE TABLE lines (o int NOT NULL PRIMARY KEY, CONSTRAINT of_order FOREIGN KEY (o) REFERENCES orders (id) ON DELETE CASCADE)",
  "INSERT INTO `lines` SELECT id FROM orders LIMIT 100",
  "CREATE TABLE `t; drop ``t``, (x'\"` (`id;` int PRIMARY KEY, `ü` json, f float)",
  "CREATE TABLE audit (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, o int)",
  "CREATE TRIGGER watch AFTER UPDATE ON orders FOR EACH ROW INSERT INTO audit (o) VALUES (NEW.id)",
  "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO DELETE FROM audit WHERE FALSE",
].map((text) => text.replace("CREATE TABLE lines", "CREATE TABLE `lines`"));

const CHANGES = [
  "UPDATE orders SET note = CONCAT('ü🐦', id) WHERE id < 50",
  "DELETE FROM orders WHERE id = 3",
  "INSERT INTO orders (note) VALUES ('new')",
  "REPLACE INTO `t; drop ``t``, (x'\"` VALUES (1, '{\"a\": [1.5]}', 16777217)",
  // Last, so that no row says how far the counter is.
  "START TRANSACTION",
  "INSERT INTO orders (note) VALUES ('rolled back')",
  "ROLLBACK",
];

function runs(statements: readonly string[]) {
  return (database: DatabaseAccess): Promise<void> =>
    asApp(database, async (app) => {
      for (const statement of statements) await app.run(statement);
    });
}

function leftovers(access: DatabaseAccess, id: string): Promise<string[]> {
  return asRoot({ ...access, database: "mysql" }, async (root) => {
    const { name } = replicationNames(id);
    const users = await root.rows<{ name: string }>("SELECT User AS name FROM mysql.user WHERE User = ?", [
      name,
    ]);
    const channels = (await readChannels(root)).filter((channel) => channel.name.startsWith(name));
    return [...users, ...channels].map((found) => found.name);
  });
}

function liveSubjects(names: readonly [MysqlServerName, MysqlServerName], settings: MysqlSettings) {
  let started: Promise<readonly [MysqlServer, MysqlServer]> | null = null;
  const start = async (name: MysqlServerName, id: string): Promise<MysqlServer> => {
    const server = await startMysql(name, { "log-bin": "binlog", "server-id": id, ...TRUSTING, ...settings });
    servers.push(server);
    return server;
  };
  return async (): Promise<LiveSubject> => {
    started ??= Promise.all([start(names[0], "11"), start(names[1], "12")]);
    const pair = await aPairOn(await started, CONTENT);
    const engine = anEngine();
    return {
      engine,
      pair,
      plan: aPlan(),
      change: runs(CHANGES),
      changeSchema: runs(["ALTER TABLE orders ADD COLUMN added int"]),
      hinder: runs(["CREATE TABLE keyless (a int)"]),
      leftovers,
      dispose: async () => {
        const { signal } = new AbortController();
        await engine.drop(pair.target, signal);
        await engine.drop(pair.source, signal);
      },
    };
  };
}

describeLiveContract(
  "MariaDB 10.11 to 11.8, replicated",
  liveSubjects(["mariadb-10.11", "mariadb-11.8"], { "binlog-format": "ROW" }),
);
describeLiveContract(
  "MySQL 9 to MySQL 9, replicated",
  liveSubjects(["mysql-9", "mysql-9"], { "gtid-mode": "ON", "enforce-gtid-consistency": "ON" }),
);
