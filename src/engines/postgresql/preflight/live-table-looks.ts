import { isUserSchema, notOfExtension } from "../sql.ts";
import type { Look } from "./live-looks.ts";
import { TYPE_PARTS } from "./type-checks.ts";

const NAME = "n.nspname || '.' || c.relname AS name";
const TABLES = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`;

/** The index by which a replication knows a table's rows; a deferrable one is none. */
const IDENTITY = `SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
  AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END`;

/** Tables whose changed rows the target finds by all their values: it prefers a primary key where there is one. */
const BY_WHOLE_ROWS = `c.relkind = 'r' AND c.relpersistence = 'p' AND c.relreplident = 'f'
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate AND i.indisprimary)`;

/**
 * Types without an equality of their own, also inside domains, composites and arrays: `json`, `xml`, `point`, and what
 * extensions bring. Source: PostgreSQL, `lookup_type_cache` for TYPECACHE_EQ_OPR.
 */
const UNCOMPARABLE = `WITH RECURSIVE ${TYPE_PARTS}, uncomparable AS (
    SELECT t.oid FROM pg_type t WHERE t.typtype = 'b' AND t.typcategory <> 'A'
      AND NOT EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
        WHERE m.amname IN ('btree', 'hash') AND o.opcdefault AND (o.opcintype = t.oid OR EXISTS (SELECT FROM pg_cast k
          WHERE k.castsource = t.oid AND k.casttarget = o.opcintype AND k.castmethod = 'b' AND k.castcontext = 'i')))
    UNION SELECT p.whole FROM uncomparable u JOIN parts p ON p.part = u.oid)`;

/** A publisher sends no generated columns, and from this version on it refuses changes that would need them. */
const REFUSES_GENERATED_SINCE = 180_000;

const OR_COPY = "or choose to copy while read-only.";

/** What replication does not carry, or would break; looked at again before the switch. */
export const tableLooks: readonly Look[] = [
  {
    check: "replica-identity",
    level: "blocker",
    about: "tables",
    query: `SELECT ${NAME} ${TABLES} AND c.relkind = 'r' AND c.relpersistence = 'p' AND c.relreplident <> 'f'
      AND NOT EXISTS (${IDENTITY}) ORDER BY 1`,
    summary: (names) => `Tables have no key by which a replication could find changed rows: ${names}.`,
    remedy:
      "Give each a primary key that is not deferrable, or run ALTER TABLE … REPLICA IDENTITY FULL on it.",
  },
  {
    check: "full-identity",
    level: "warning",
    about: "tables",
    query: `SELECT ${NAME} ${TABLES} AND ${BY_WHOLE_ROWS} ORDER BY 1`,
    summary: (names) =>
      `Changed rows of these tables are found by all their values, which is slow: ${names}.`,
    remedy: "Give them a primary key if they are large and change often.",
  },
  {
    check: "uncomparable-rows",
    level: "blocker",
    about: "tables",
    query: `${UNCOMPARABLE} SELECT ${NAME} ${TABLES} AND ${BY_WHOLE_ROWS} AND EXISTS (SELECT FROM pg_attribute a
      JOIN uncomparable u ON u.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') ORDER BY 1`,
    summary: (names) =>
      `These tables are identified by whole rows, and hold types that cannot be compared: ${names}.`,
    remedy: `Add a primary key to each, ${OR_COPY}`,
  },
  {
    check: "generated-identity",
    level: "blocker",
    about: "tables",
    query: `SELECT ${NAME} ${TABLES} AND c.relkind = 'r' AND c.relpersistence = 'p' AND EXISTS (SELECT FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped AND (
        c.relreplident = 'f' AND current_setting('server_version_num')::int >= ${REFUSES_GENERATED_SINCE}
        OR EXISTS (${IDENTITY} AND a.attnum = ANY (i.indkey::int2[])))) ORDER BY 1`,
    summary: (names) =>
      `Rows of these tables are identified by generated columns, which are not replicated: ${names}.`,
    remedy: `Give each a primary key of ordinary columns and REPLICA IDENTITY DEFAULT, ${OR_COPY}`,
  },
  {
    check: "unlogged-tables",
    level: "blocker",
    about: "tables",
    query: `SELECT ${NAME} ${TABLES} AND c.relpersistence = 'u' ORDER BY 1`,
    summary: (names) => `Unlogged tables are not replicated: ${names}.`,
    remedy: `Run ALTER TABLE … SET LOGGED on each, ${OR_COPY}`,
  },
  {
    check: "large-objects",
    level: "blocker",
    about: "tables",
    query: "SELECT count(*)::text AS name FROM pg_largeobject_metadata HAVING count(*) > 0",
    summary: (count) => `Large objects are not replicated, and there are ${count.replaceAll(/\D/g, "")}.`,
    remedy: `Move them into bytea columns, ${OR_COPY}`,
  },
  {
    check: "replica-triggers",
    level: "blocker",
    about: "tables",
    query: `SELECT ${NAME} ${TABLES} AND EXISTS (SELECT FROM pg_trigger t
      WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('A', 'R')) ORDER BY 1`,
    summary: (names) => `Triggers of these tables would run a second time for replicated rows: ${names}.`,
    remedy: `Run ALTER TABLE … ENABLE TRIGGER on each, ${OR_COPY}`,
  },
  {
    check: "forced-row-security",
    level: "blocker",
    about: "tables",
    query: `SELECT ${NAME} ${TABLES} AND c.relforcerowsecurity ORDER BY 1`,
    summary: (names) =>
      `Row security binds the owner of these tables too, so no replication may write them: ${names}.`,
    remedy: `Run ALTER TABLE … NO FORCE ROW LEVEL SECURITY on each, ${OR_COPY}`,
  },
];
