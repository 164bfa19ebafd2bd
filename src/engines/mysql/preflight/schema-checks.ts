import { literally } from "../schema/scan.ts";
import { type Check, findNames, nameCheck, readVariable } from "./check.ts";

const engines = nameCheck({
  check: "storage-engines",
  level: "warning",
  query: `SELECT CONCAT(TABLE_NAME, ' (', ENGINE, ')') AS name FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' AND ENGINE IN ('MyISAM', 'Aria', 'CSV', 'ARCHIVE')`,
  summary: (names) =>
    `The storage engines of ${names} have no transactions. They are copied as they are under the fence.`,
  remedy: "Change them to InnoDB when you can: a crash may lose their rows.",
});

const otherEngines = nameCheck({
  check: "storage-engines-unknown",
  level: "blocker",
  query: `SELECT CONCAT(TABLE_NAME, ' (', COALESCE(ENGINE, 'none'), ')') AS name FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'
      AND COALESCE(ENGINE, 'none') NOT IN ('InnoDB', 'MyISAM', 'Aria', 'CSV', 'ARCHIVE', 'MEMORY')`,
  summary: (names) => `Tables are kept where Godwit cannot read or fence them: ${names}.`,
  remedy: "Change their storage engine to InnoDB, or drop them.",
});

const memory = nameCheck({
  check: "memory-tables",
  level: "warning",
  query: `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND ENGINE = 'MEMORY'`,
  summary: (names) =>
    `Tables are kept in memory: ${names}. Their rows are copied, and lost when the new server restarts.`,
  remedy: "Nothing needs to be done if the application fills them by itself.",
});

const versioned = nameCheck({
  check: "system-versioning",
  level: "blocker",
  query: `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'SYSTEM VERSIONED'`,
  summary: (names) => `Tables keep the history of their rows, which cannot be carried over: ${names}.`,
  remedy: "Drop the versioning of these tables, or ask support.",
});

const foreignDatabases = nameCheck({
  check: "references-elsewhere",
  level: "blocker",
  query: `SELECT CONCAT(TABLE_NAME, ' (', CONSTRAINT_NAME, ')') AS name FROM information_schema.REFERENTIAL_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = ? AND UNIQUE_CONSTRAINT_SCHEMA <> ?`,
  summary: (names) =>
    `Foreign keys of ${names} refer to tables of another database, which stays where it is.`,
  remedy: "Drop these foreign keys, or ask support to move both databases.",
});

const zeroDates: Check = async ({ source, target, database }) => {
  const mode = (await readVariable(target, "sql_mode")) ?? "";
  if (!/NO_ZERO_DATE|NO_ZERO_IN_DATE/.test(mode)) return [];
  const rows = await source.rows<{ name: string }>(
    `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ? AND DATA_TYPE IN ('date', 'datetime', 'timestamp') AND COLUMN_DEFAULT LIKE '%0000-00-00%'`,
    [database],
  );
  return findNames(
    rows.map(({ name }) => name),
    {
      check: "zero-dates",
      level: "warning",
      summary: (names) =>
        `Columns have the date 0000-00-00 as their default, and the new server's sql_mode refuses it in new rows: ${names}.`,
      remedy:
        "Take NO_ZERO_DATE and NO_ZERO_IN_DATE out of the new server's sql_mode, or change the defaults.",
    },
  );
};

/** Names that are reserved on the new server and not on the old one need quotes in the application's statements. */
const reserved: Check = async ({ source, target, database }) => {
  const words = async (session: typeof source): Promise<Set<string>> => {
    const query =
      session.flavour.product === "MySQL"
        ? "SELECT WORD AS word FROM information_schema.KEYWORDS WHERE RESERVED = 1"
        : "SELECT WORD AS word FROM information_schema.KEYWORDS";
    return new Set((await session.rows<{ word: string }>(query)).map(({ word }) => word.toUpperCase()));
  };
  const [old, next] = [await words(source), await words(target)];
  const rows = await source.rows<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?
     UNION SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ?
     UNION SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?`,
    [database, database, database],
  );
  const clashing = rows
    .map(({ name }) => name)
    .filter((name) => next.has(name.toUpperCase()) && !old.has(name.toUpperCase()));
  return findNames(clashing, {
    check: "reserved-words",
    level: "warning",
    summary: (names) =>
      `Names are reserved words on the new server, and may have to be quoted there: ${names}.`,
    remedy: "Check that the application writes these names in backticks.",
  });
};

/** Texts of programs are taken over as they are; only what names no database works in a database of another name. */
const ownName: Check = async ({ source, database }) => {
  const rows = await source.rows<{ name: string; text: string | null }>(
    `SELECT ROUTINE_NAME AS name, ROUTINE_DEFINITION AS text FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
     UNION ALL SELECT TRIGGER_NAME, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
     UNION ALL SELECT EVENT_NAME, EVENT_DEFINITION FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`,
    [database, database, database],
  );
  const pattern = new RegExp(
    `(^|[^\\w\`])(${literally(database)}|${literally(`\`${database.replaceAll("`", "``")}\``)})\\s*\\.`,
    "i",
  );
  const naming = rows.filter(({ text }) => text !== null && pattern.test(text)).map(({ name }) => name);
  return findNames(naming, {
    check: "own-name",
    level: "blocker",
    summary: (names) =>
      `Routines, triggers or events write the database's own name in front of tables, and the new database has another one: ${names}.`,
    remedy: "Leave the database's name out of their text: names without it mean their own database.",
  });
};

const rowSize = nameCheck({
  check: "row-format",
  level: "warning",
  query: `SELECT TABLE_NAME AS name FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = ? AND ENGINE = 'InnoDB' AND ROW_FORMAT IN ('Compact', 'Redundant')`,
  summary: (names) =>
    `Tables have an old row format, with which the new server may find their rows too long: ${names}.`,
  remedy: "Change them with ALTER TABLE … ROW_FORMAT=DYNAMIC if the new server refuses a definition.",
});

const jsonText = nameCheck({
  check: "json",
  level: "info",
  product: "MySQL",
  query: `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = ? AND DATA_TYPE = 'json'`,
  summary: (names) =>
    `Columns are copied as JSON text, in which a date or decimal number that was stored by its SQL type becomes text or a number: ${names}.`,
});

const partitions = nameCheck({
  check: "partitions",
  level: "info",
  query: `SELECT DISTINCT TABLE_NAME AS name FROM information_schema.PARTITIONS
    WHERE TABLE_SCHEMA = ? AND PARTITION_NAME IS NOT NULL`,
  summary: (names) => `Partitioned tables are partitioned in the same way on the new server: ${names}.`,
});

const generated = nameCheck({
  check: "generated-columns",
  level: "info",
  query: `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = ? AND COALESCE(GENERATION_EXPRESSION, '') <> ''`,
  summary: (names) => `Generated columns are computed anew on the new server: ${names}.`,
});

const waitingEvents = nameCheck({
  check: "events",
  level: "info",
  query:
    "SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? AND STATUS = 'ENABLED'",
  summary: (names) =>
    `Events do not run while the database is read-only, and run on the new server after the switch: ${names}.`,
});

/** Checks of what the database holds. */
export const schemaChecks: readonly Check[] = [
  engines,
  otherEngines,
  memory,
  versioned,
  foreignDatabases,
  zeroDates,
  reserved,
  ownName,
  rowSize,
  jsonText,
  partitions,
  generated,
  waitingEvents,
];
