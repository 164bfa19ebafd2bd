import { isUserSchema, notOfExtension, notOfType } from "../sql.ts";
import { type Check, nameCheck } from "./check.ts";
import { foreignChecks } from "./foreign-checks.ts";
import { outerChecks } from "./outer-checks.ts";

const RELATIONS = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${isUserSchema("n.nspname")} AND c.relpersistence <> 't' AND ${notOfExtension("pg_class", "c.oid")}`;
const RELATION = "SELECT n.nspname || '.' || c.relname AS name";

/** Checks that are one query each: a new one is one entry. */
export const catalogChecks: readonly Check[] = [
  nameCheck({
    check: "prepared-transactions",
    level: "blocker",
    query: "SELECT gid AS name FROM pg_prepared_xacts WHERE database = current_database()",
    summary: (names) => `Transactions are prepared and not finished: ${names}. They can still write.`,
    remedy: "Run COMMIT PREPARED or ROLLBACK PREPARED for each of them.",
  }),
  nameCheck({
    check: "long-transactions",
    level: "warning",
    query: `SELECT format('process %s (%s)', pid, state) AS name FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
        AND application_name NOT LIKE 'godwit%' AND xact_start < now() - make_interval(secs => $1::int)
      UNION ALL SELECT 'a standby''s query, for ' || age(backend_xmin) || ' transactions' FROM pg_stat_replication WHERE age(backend_xmin) > 100000000`,
    values: ({ limits }) => [limits.longTransactionSeconds],
    summary: (names) => `Transactions have been open for over five minutes: ${names}. They will be ended.`,
    remedy: "Let them finish first, or choose a quieter time.",
  }),
  nameCheck({
    check: "tablespaces",
    level: "warning",
    query: `${RELATION} ${RELATIONS} AND c.reltablespace <> 0 UNION ALL SELECT 'the database itself'
      FROM pg_database d JOIN pg_tablespace s ON s.oid = d.dattablespace
      WHERE d.datname = current_database() AND s.spcname <> 'pg_default'`,
    summary: (names) =>
      `Some tables are in tablespaces of their own: ${names}. On the new server all are in one.`,
    remedy: "Check that one disk of the new plan is fast and large enough for all of them.",
  }),
  nameCheck({
    check: "unlogged-tables",
    level: "info",
    query: `${RELATION} ${RELATIONS} AND c.relkind = 'r' AND c.relpersistence = 'u'`,
    summary: (names) =>
      `Unlogged tables are copied with their rows while the database is read-only: ${names}.`,
  }),
  nameCheck({
    check: "materialised-views",
    level: "info",
    query: `${RELATION} ${RELATIONS} AND c.relkind = 'm' AND c.relispopulated`,
    summary: (names) => `Materialised views are computed again on the new server: ${names}.`,
  }),
  nameCheck({
    check: "partitions",
    level: "info",
    query: `${RELATION} ${RELATIONS} AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid)`,
    summary: (names) => `Tables with partitions or children are copied part by part: ${names}.`,
  }),
  nameCheck({
    check: "generated-columns",
    level: "info",
    query: `SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attgenerated <> '' AND NOT a.attisdropped AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`,
    summary: (names) => `Generated columns are computed again on the new server: ${names}.`,
  }),
  nameCheck({
    check: "circular-keys",
    level: "info",
    query: `WITH RECURSIVE keys AS (SELECT DISTINCT conrelid AS a, confrelid AS b FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid),
        reach AS (SELECT a, b FROM keys UNION SELECT r.a, k.b FROM reach r JOIN keys k ON k.a = r.b)
      SELECT a::regclass::text AS name FROM reach WHERE a = b`,
    summary: (names) => `Foreign keys form a circle, and are checked when all rows are in: ${names}.`,
  }),
  nameCheck({
    check: "postfix-operators",
    level: "blocker",
    query: `SELECT format('%s.%s', n.nspname, o.oprname) AS name FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
      WHERE o.oprkind = 'r' AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_operator", "o.oid")}`,
    summary: (names) => `PostgreSQL 14 and newer have no operators behind their operand: ${names}.`,
    remedy: "Replace them by functions, and drop them.",
  }),
  nameCheck({
    check: "array-aggregates",
    level: "blocker",
    query: `SELECT a.aggfnoid::regprocedure::text AS name FROM pg_aggregate a WHERE a.aggfnoid >= 16384
      AND a.aggtranstype = 'anyarray'::regtype AND a.aggtransfn::oid IN (SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('array_append', 'array_prepend', 'array_cat', 'array_remove', 'array_replace'))`,
    summary: (names) => `Since PostgreSQL 14 these aggregates must be declared with other types: ${names}.`,
    remedy: "Drop them and create them again with anycompatiblearray in place of anyarray.",
  }),
  nameCheck({
    check: "security-labels",
    level: "warning",
    query: "SELECT DISTINCT provider AS name FROM pg_seclabel WHERE objoid >= 16384",
    summary: (names) => `Security labels are not carried over: ${names}.`,
    remedy: "Set them again on the new database.",
  }),
  ...outerChecks,
  ...foreignChecks,
  nameCheck({
    check: "subscriptions",
    level: "blocker",
    query: `SELECT subname AS name FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE d.datname = current_database() AND s.subenabled`,
    summary: (names) => `Subscriptions write to this database: ${names}.`,
    remedy: "Disable or drop them with ALTER SUBSCRIPTION … DISABLE.",
  }),
  nameCheck({
    check: "disabled-subscriptions",
    level: "warning",
    query: `SELECT subname AS name FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE d.datname = current_database() AND NOT s.subenabled`,
    summary: (names) => `Disabled subscriptions are not carried over: ${names}.`,
    remedy: "Create them again on the new database, if they are still needed.",
  }),
  nameCheck({
    check: "replication-slots",
    level: "warning",
    query: "SELECT slot_name AS name FROM pg_replication_slots WHERE database = current_database()",
    summary: (names) => `Replication slots are not carried over: ${names}. Their readers will stop.`,
    remedy: "Tell those who read the changes of this database, and connect them to the new one.",
  }),
  nameCheck({
    check: "row-security",
    level: "info",
    query: `${RELATION} ${RELATIONS} AND c.relrowsecurity`,
    summary: (names) => `Row security is on and is carried over with its policies: ${names}.`,
  }),
  nameCheck({
    check: "superuser-objects",
    level: "blocker",
    query: `SELECT n.nspname || '.' || p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_language l ON l.oid = p.prolang
      WHERE NOT l.lanpltrusted AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_proc", "p.oid")}
        AND ${notOfType("p.oid")}
      UNION ALL SELECT n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typtype = 'b' AND t.typelem = 0 AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_type", "t.oid")}
      UNION ALL SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE (p.proleakproof OR p.prosupport <> 0) AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_proc", "p.oid")}
      UNION ALL SELECT n.nspname || '.' || o.opcname FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
      WHERE ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_opclass", "o.oid")}
      UNION ALL SELECT n.nspname || '.' || x.tmplname FROM pg_ts_template x JOIN pg_namespace n ON n.oid = x.tmplnamespace
      WHERE ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_ts_template", "x.oid")}
      UNION ALL SELECT format('cast from %s to %s', k.castsource::regtype, k.casttarget::regtype) FROM pg_cast k
      WHERE k.oid >= 16384 AND k.castmethod = 'b' AND ${notOfExtension("pg_cast", "k.oid")}
      UNION ALL SELECT 'language ' || l.lanname FROM pg_language l
      WHERE l.oid >= 16384 AND ${notOfExtension("pg_language", "l.oid")}
      UNION ALL SELECT 'access method ' || m.amname FROM pg_am m WHERE m.oid >= 16384 AND ${notOfExtension("pg_am", "m.oid")}`,
    summary: (names) => `Only a superuser can create these objects on the new server: ${names}.`,
    remedy: "Drop them, or ask support to move this database.",
  }),
  nameCheck({
    check: "invalid-indexes",
    level: "warning",
    query: `SELECT n.nspname || '.' || ic.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_index i ON i.indrelid = c.oid AND NOT i.indisvalid AND c.relkind <> 'p' JOIN pg_class ic ON ic.oid = i.indexrelid
      WHERE ${isUserSchema("n.nspname")}`,
    summary: (names) => `Indexes are invalid and are not carried over: ${names}.`,
    remedy: "Run REINDEX INDEX CONCURRENTLY on them if they are needed.",
  }),
  nameCheck({
    check: "not-valid-constraints",
    level: "info",
    query: `SELECT n.nspname || '.' || c.relname || '.' || o.conname AS name FROM pg_constraint o
      JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT o.convalidated AND ${isUserSchema("n.nspname")}`,
    summary: (names) => `Constraints were never validated and are carried over as they are: ${names}.`,
    remedy: "Run ALTER TABLE … VALIDATE CONSTRAINT on them if all rows should meet them.",
  }),
];
