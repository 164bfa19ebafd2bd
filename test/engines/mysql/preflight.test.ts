import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MysqlServer, startMysql } from "../../../playground/servers/mysql.ts";
import type { MysqlServerName } from "../../../scripts/tools/ensure-tools.ts";
import type { Finding } from "../../../src/core/preflight.ts";
import { LIMITS } from "../../../src/engines/mysql/preflight/size-checks.ts";
import type { Session } from "../../../src/engines/mysql/session.ts";
import { qualified } from "../../../src/engines/mysql/sql.ts";
import { asApp, asRoot } from "./databases.ts";
import { aSource, dropSources, expectFinding, look } from "./preflight-troubles.ts";

afterAll(dropSources);

/** What makes a finding appear, run by the application in its database. */
const SCHEMA_TROUBLES: readonly (readonly [string, Finding["level"], MysqlServerName, readonly string[]])[] =
  [
    ["storage-engines", "warning", "mariadb-10.11", ["CREATE TABLE a (b int) ENGINE = Aria"]],
    ["memory-tables", "warning", "mariadb-10.11", ["CREATE TABLE a (b int) ENGINE = MEMORY"]],
    ["system-versioning", "blocker", "mariadb-10.11", ["CREATE TABLE a (b int) WITH SYSTEM VERSIONING"]],
    ["reserved-words", "warning", "mariadb-10.11", ["CREATE TABLE a (vector int)"]],
    ["row-format", "warning", "mariadb-10.11", ["CREATE TABLE a (b int) ROW_FORMAT = COMPACT"]],
    ["json", "info", "mysql-9", ["CREATE TABLE a (b json)"]],
    [
      "generated-columns",
      "info",
      "mysql-9",
      ["CREATE TABLE a (b int, c int GENERATED ALWAYS AS (b) STORED)"],
    ],
    ["partitions", "info", "mariadb-10.11", ["CREATE TABLE a (b int) PARTITION BY HASH (b) PARTITIONS 2"]],
    ["events", "info", "mariadb-10.11", ["CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1"]],
    ["event-scheduler", "warning", "mariadb-10.11", ["CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1"]],
    [
      "storage-engines-unknown",
      "blocker",
      "mariadb-10.11",
      ["CREATE TABLE a (b int) ENGINE = MyISAM", "CREATE TABLE m (b int) ENGINE = MERGE UNION = (a)"],
    ],
  ];

describe("preflight looks at what a database holds", () => {
  it.each(SCHEMA_TROUBLES)("%s is a %s", async (check, level, name, statements) => {
    const source = await aSource(name, statements);
    expectFinding(await look(source, { to: name === "mysql-9" ? name : "mariadb-11.8" }), check, level);
  });

  it("and finds nothing that stands in the way of an ordinary one", async () => {
    const source = await aSource("mariadb-10.11", ["CREATE TABLE a (b int PRIMARY KEY)"]);
    const findings = await look(source, { to: "mariadb-11.8" });
    expect(findings.filter(({ level }) => level === "blocker")).toEqual([]);
  });

  it("refuses programs that write the database's own name, and none that write a longer one", async () => {
    const source = await aSource("mariadb-10.11");
    const own = qualified(source.database, "a");
    await asApp(source, async (app) => {
      await app.run("CREATE TABLE a (b int)");
      await app.run("CREATE PROCEDURE innocent() SELECT 'x' AS `not-ö`");
      expect((await look(source, { to: "mariadb-11.8" })).map(({ check }) => check)).not.toContain(
        "own-name",
      );
      await app.run(`CREATE PROCEDURE naming() INSERT INTO ${own} VALUES (1)`);
    });
    expectFinding(await look(source, { to: "mariadb-11.8" }), "own-name", "blocker");
  });

  it("refuses foreign keys to another database", async () => {
    const [source, other] = [await aSource("mariadb-10.11"), await aSource("mariadb-10.11")];
    const there = qualified(other.database, "a");
    await asRoot(source, async (root) => {
      await root.run(`CREATE TABLE ${there} (b int PRIMARY KEY)`);
      await root.run(`CREATE TABLE c (b int, FOREIGN KEY (b) REFERENCES ${there} (b))`);
      expectFinding(await look(source, { to: "mariadb-11.8" }), "references-elsewhere", "blocker");
      await root.run("DROP TABLE c");
    });
  });
});

describe("preflight looks at sizes and at what runs", () => {
  it("refuses plans with too little disk or too few connections", async () => {
    const source = await aSource("mariadb-10.11", ["CREATE TABLE a (b int)"]);
    expectFinding(await look(source, { to: "mariadb-11.8", plan: { diskBytes: 10 } }), "disk", "blocker");
    await asApp(source, async () => {
      const findings = await look(source, { to: "mariadb-11.8", plan: { connections: 0 } });
      expectFinding(findings, "connections", "blocker");
    });
  });

  it("warns of transactions that are old or prepared", async () => {
    const source = await aSource("mariadb-10.11", ["CREATE TABLE a (b int)"]);
    const usual = LIMITS.longTransactionSeconds;
    const inTransaction = async (app: Session): Promise<void> => {
      await app.run("XA START 'godwit-test'");
      await app.run("INSERT INTO a VALUES (1)");
      LIMITS.longTransactionSeconds = 0;
      expectFinding(await look(source, { to: "mariadb-11.8" }), "long-transactions", "warning");
      await app.run("XA END 'godwit-test'");
      await app.run("XA PREPARE 'godwit-test'");
      expectFinding(await look(source, { to: "mariadb-11.8" }), "prepared-transactions", "warning");
    };
    await asApp(source, async (app) => {
      try {
        await inTransaction(app);
      } finally {
        await app.run("XA ROLLBACK 'godwit-test'");
        LIMITS.longTransactionSeconds = usual;
      }
    });
  });
});

describe("preflight looks at both servers", () => {
  let odd: MysqlServer;
  beforeAll(async () => {
    odd = await startMysql("mariadb-11.8", {
      "sql-mode": "ANSI_QUOTES,NO_ZERO_DATE",
      "local-infile": "OFF",
      "max-allowed-packet": "1M",
      "read-only": "ON",
      "lower-case-table-names": "1",
    });
  });
  afterAll(() => odd?.stop());

  it.each([
    ["local-infile", "blocker"],
    ["target-read-only", "blocker"],
    ["case-rules", "blocker"],
    ["sql-mode", "warning"],
    ["max-allowed-packet", "warning"],
    ["zero-dates", "warning"],
    ["default-collation", "info"],
  ] as const)("%s is a %s", async (check, level) => {
    const source = await aSource("mariadb-10.11", [
      "SET sql_mode = ''",
      "CREATE TABLE a (b date DEFAULT '0000-00-00')",
    ]);
    expectFinding(await look(source, { to: "mariadb-11.8", url: odd.url }), check, level);
  });

  it("refuses an older server, and one of the other product with collations of its own", async () => {
    expectFinding(
      await look(await aSource("mariadb-11.8"), { to: "mariadb-10.11" }),
      "version-order",
      "blocker",
    );
    const source = await aSource("mariadb-10.11", ["CREATE TABLE a (b text COLLATE utf8mb4_uca1400_ai_ci)"]);
    const findings = await look(source, { to: "mysql-9" });
    expectFinding(findings, "product", "blocker");
    expectFinding(findings, "collations", "blocker");
  });
});
