import { Readable } from "node:stream";
import type { MysqlServerName } from "../../../scripts/tools/ensure-tools.ts";
import type { DatabaseAccess, Engine } from "../../../src/core/ports/engine.ts";
import { fenceNames } from "../../../src/engines/mysql/fence/names.ts";
import { createMysqlEngine } from "../../../src/engines/mysql/index.ts";
import type { EngineSubject, SubjectKind } from "../../contracts/engine-subject.ts";
import { aPair, aPlan, asApp, asRoot } from "./databases.ts";
import { readContent, readFenceState } from "./read-content.ts";
import { filled, LARGE } from "./seed.ts";

export const anEngine = (): Engine => createMysqlEngine({ jobs: 3 });

const runs =
  (...statements: readonly string[]) =>
  (database: DatabaseAccess): Promise<void> =>
    asApp(database, async (app) => {
      for (const statement of statements) await app.run(statement);
    });

const loads = (database: DatabaseAccess): Promise<void> =>
  asApp(
    database,
    (app) =>
      new Promise<void>((done, fail) => {
        const sql = "LOAD DATA LOCAL INFILE 'x' INTO TABLE `writes` (note)";
        const options = { sql, infileStreamFactory: () => Readable.from([Buffer.from("loaded\n")]) };
        app.connection.query(options, (error) => (error ? fail(error) : done()));
      }),
  );

/** Every way in which an application of this kind of database may write. */
const WRITES: EngineSubject["writes"] = {
  "plain insert": runs("INSERT INTO `writes` (note) VALUES ('x')"),
  "a transaction": runs("START TRANSACTION READ WRITE", "UPDATE `writes` SET note = 'y'", "COMMIT"),
  "a new table": runs("DROP TABLE IF EXISTS later", "CREATE TABLE later (a int)"),
  "a changed table": runs("ALTER TABLE `writes` COMMENT 'changed'"),
  "a routine with its maker's rights": runs("CALL own_write()"),
  "a routine with an administrator's rights": runs("CALL root_write()"),
  "a new event": runs(
    "DROP EVENT IF EXISTS later_event",
    "CREATE EVENT later_event ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM `writes` WHERE FALSE",
  ),
  "LOAD DATA": loads,
  "a locked table": runs(
    "LOCK TABLES `writes` WRITE",
    "INSERT INTO `writes` (note) VALUES ('z')",
    "UNLOCK TABLES",
  ),
  truncate: runs("TRUNCATE TABLE `writes`"),
};

/** With a routine that its administrator made: what it runs as cannot be taken rights from. */
async function withRootRoutine(database: DatabaseAccess): Promise<void> {
  await asRoot(database, (root) =>
    root.run(
      "CREATE PROCEDURE root_write() SQL SECURITY DEFINER INSERT INTO `writes` (note) VALUES ('root')",
    ),
  );
}

async function killHolder({ database, ...access }: DatabaseAccess, holder: string): Promise<void> {
  await asRoot({ ...access, database: "mysql" }, async (root) => {
    const lock = fenceNames(database, holder).holdLock;
    const [row] = await root.rows<{ id: number }>("SELECT IS_USED_LOCK(?) AS id", [lock]);
    await root.run(`KILL ${row?.id}`);
  });
}

function sessions({ database, ...access }: DatabaseAccess): Promise<string[]> {
  return asRoot({ ...access, database: "mysql" }, async (root) => {
    const rows = await root.rows<{ info: string }>(
      `SELECT INFO AS info FROM ${root.flavour.sessions} WHERE ID <> CONNECTION_ID() AND INSTR(INFO, ?) > 0`,
      [database],
    );
    return rows.map(({ info }) => info);
  });
}

/** Makes subjects on real servers of these versions. */
export function subjectsOn(names: readonly [MysqlServerName, MysqlServerName]) {
  return async (kind: SubjectKind): Promise<EngineSubject> => {
    const isMariadb = names[0] !== "mysql-9";
    const statements = { filled: filled(isMariadb), large: LARGE, empty: [] }[kind];
    const pair = await aPair(names, statements);
    if (kind !== "empty") await withRootRoutine(pair.source);
    const engine = anEngine();
    return {
      engine,
      pair,
      plan: aPlan(),
      writes: WRITES,
      turningPoints: ["building"],
      read: (database) => runs("SELECT * FROM `writes`")(database),
      content: readContent,
      settings: readFenceState,
      killHolder,
      sessions,
      weaken: (_database, hold) => hold.release(),
      changeOneRow: async (database) => {
        await asRoot(database, (root) => root.run("UPDATE words SET w = 'geheim'"));
        return {
          table: "words",
          value: "geheim",
        };
      },
      dispose: async () => {
        const { signal } = new AbortController();
        await engine.drop(pair.target, signal);
        await engine.drop(pair.source, signal);
      },
    };
  };
}
