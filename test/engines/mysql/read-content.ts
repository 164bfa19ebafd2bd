import { createHash } from "node:crypto";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import type { Session } from "../../../src/engines/mysql/session.ts";
import { quoteName } from "../../../src/engines/mysql/sql.ts";
import { asRoot } from "./databases.ts";

/** Rows as their bytes, sorted, so that a mistake in the engine's own comparison shows. */
async function readRows(session: Session, table: string): Promise<unknown> {
  const rows = await new Promise<unknown>((done, fail) => {
    session.connection.query(
      {
        sql: `SELECT * FROM ${quoteName(table)}`,
        rowsAsArray: true,
        typeCast: (field: { buffer(): Buffer | null }) => field.buffer(),
      },
      (error, found) => (error ? fail(error) : done(found)),
    );
  });
  const lines = (rows as Buffer[][])
    .map((row) => row.map((value) => value?.toString("hex") ?? "NULL").join(" "))
    .sort();
  if (lines.length <= 100) return lines;
  return [lines.length, createHash("sha256").update(lines.join("\n")).digest("hex")];
}

const OBJECTS: readonly string[] = [
  `SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, SUB_PART, INDEX_TYPE FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?`,
  `SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, EXTRA, COLUMN_COMMENT FROM information_schema.COLUMNS
   WHERE TABLE_SCHEMA = ? AND NOT (TABLE_NAME = 'drawn' AND COLUMN_NAME = 'id')`,
  `SELECT TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = ?`,
  `SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE, REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ?`,
  `SELECT TABLE_NAME, ENGINE, TABLE_COLLATION, AUTO_INCREMENT, TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?`,
  `SELECT TRIGGER_NAME, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER, ACTION_STATEMENT, ACTION_TIMING, SQL_MODE FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?`,
  `SELECT ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION, SECURITY_TYPE, SQL_MODE, ROUTINE_COMMENT FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?`,
  `SELECT TABLE_NAME, CHECK_OPTION, SECURITY_TYPE FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?`,
  `SELECT EVENT_NAME, EVENT_DEFINITION, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, ON_COMPLETION, EVENT_COMMENT FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`,
];

/** Rows of every table and every object of a database, read in a way of its own. */
export function readContent(database: DatabaseAccess): Promise<unknown> {
  return asRoot(database, async (session) => {
    await session.run("SET SESSION time_zone = '+00:00'");
    const tables = await session.rows<{ name: string }>(
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'VIEW' ORDER BY TABLE_NAME",
      [database.database],
    );
    const rows: Record<string, unknown> = {};
    for (const { name } of tables) rows[name] = await readRows(session, name);
    const objects: string[] = [];
    for (const query of OBJECTS) {
      const found = await session.rows<Record<string, unknown>>(query, [database.database]);
      objects.push(...found.map((row) => JSON.stringify(Object.values(row))).sort());
    }
    return { rows, objects };
  });
}

/** Everything that a fence may change of a database and its users, as the server's own tables have it. */
export function readFenceState({ database, ...access }: DatabaseAccess): Promise<unknown> {
  return asRoot({ ...access, database: "mysql" }, async (root) => {
    const state: unknown[] = [];
    for (const table of ["db", "tables_priv", "columns_priv", "procs_priv"]) {
      const rows = await root.rows<Record<string, unknown>>(`SELECT * FROM mysql.${table}`);
      const own = rows.filter((row) => String(row["Db"]).replaceAll("\\", "") === database);
      state.push(
        own.map(({ Timestamp: _timestamp, Grantor: _grantor, ...row }) => JSON.stringify(row)).sort(),
      );
    }
    state.push(
      await root.rows(
        `SELECT EVENT_NAME, STATUS, DEFINER, SQL_MODE, TIME_ZONE, CHARACTER_SET_CLIENT FROM information_schema.EVENTS
         WHERE EVENT_SCHEMA = ? ORDER BY EVENT_NAME`,
        [database],
      ),
    );
    if (root.flavour.product === "MySQL") {
      const options = "SELECT OPTIONS FROM information_schema.SCHEMATA_EXTENSIONS WHERE SCHEMA_NAME = ?";
      state.push(await root.rows(options, [database]));
    }
    return state;
  });
}
