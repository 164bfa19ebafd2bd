import { isUserSchema, notOfExtension } from "../sql.ts";
import { type Check, nameCheck } from "./check.ts";

const RELATIONS = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${isUserSchema("n.nspname")} AND c.relpersistence <> 't' AND ${notOfExtension("pg_class", "c.oid")}`;
const RELATION = "SELECT n.nspname || '.' || c.relname AS name";

/** Types whose values are numbers of objects of one server, or that newer versions no longer have. */
const TIED_TYPES = `'{regproc,regprocedure,regoper,regoperator,regclass,regconfig,regdictionary,regnamespace,
  regcollation,regtype,regrole,aclitem,int2vector,abstime,reltime,tinterval,unknown}'::name[]`;

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
    query: `SELECT 'process ' || pid AS name FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend'
        AND xact_start < now() - interval '5 minutes'`,
    summary: (names) => `Transactions have been open for over five minutes: ${names}. They will be ended.`,
    remedy: "Let them finish first, or choose a quieter time.",
  }),
  nameCheck({
    check: "tablespaces",
    level: "warning",
    query: `${RELATION} ${RELATIONS} AND c.reltablespace <> 0`,
    summary: (names) =>
      `Some tables are in tablespaces of their own: ${names}. On the new server all are in one.`,
  }),
  nameCheck({
    check: "unlogged-tables",
    level: "info",
    query: `${RELATION} ${RELATIONS} AND c.relkind = 'r' AND c.relpersistence = 'u'`,
    summary: (names) => `Unlogged tables are copied with their rows: ${names}.`,
  }),
  nameCheck({
    check: "large-objects",
    level: "info",
    query: "SELECT count(*)::text AS name FROM pg_largeobject_metadata HAVING count(*) > 0",
    summary: (count) => `The database holds ${count.replace(/\D/g, "")} large objects. They are copied.`,
  }),
  nameCheck({
    check: "event-triggers",
    level: "warning",
    query: `SELECT evtname AS name FROM pg_event_trigger e WHERE ${notOfExtension("pg_event_trigger", "e.oid")}`,
    summary: (names) => `Event triggers are not carried over: ${names}.`,
    remedy: "Ask support to create them again on the new database.",
  }),
  nameCheck({
    check: "foreign-tables",
    level: "blocker",
    query: `${RELATION} ${RELATIONS} AND c.relkind = 'f'`,
    summary: (names) => `Tables of other servers are linked in and cannot be carried over: ${names}.`,
    remedy: "Drop the foreign tables, or ask support to move this database.",
  }),
  nameCheck({
    check: "foreign-servers",
    level: "warning",
    query: "SELECT srvname AS name FROM pg_foreign_server",
    summary: (names) => `Links to other servers are not carried over: ${names}.`,
    remedy: "Create them again on the new database.",
  }),
  nameCheck({
    check: "subscriptions",
    level: "blocker",
    query: `SELECT subname AS name FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE d.datname = current_database() AND s.subenabled`,
    summary: (names) => `Subscriptions write to this database: ${names}.`,
    remedy: "Disable or drop them with ALTER SUBSCRIPTION … DISABLE.",
  }),
  nameCheck({
    check: "publications",
    level: "warning",
    query: "SELECT pubname AS name FROM pg_publication",
    summary: (names) => `Publications are not carried over: ${names}. What subscribes to them will stop.`,
    remedy: "Create them again on the new database, and subscribe anew.",
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
    check: "column-types",
    level: "blocker",
    query: `WITH RECURSIVE tied AS (
        SELECT oid FROM pg_type WHERE typname = ANY (${TIED_TYPES}) AND oid < 16384
        UNION SELECT t.oid FROM tied JOIN pg_type t ON tied.oid IN (t.typbasetype, t.typelem)
          OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.atttypid = tied.oid
            AND a.attnum > 0 AND NOT a.attisdropped))
      SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN tied ON tied.oid = a.atttypid
      WHERE c.relkind IN ('r', 'p', 'm') AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`,
    summary: (names) => `Columns have types whose values mean nothing on another server: ${names}.`,
    remedy: "Change these columns to text.",
  }),
  nameCheck({
    check: "superuser-objects",
    level: "blocker",
    query: `SELECT n.nspname || '.' || p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_language l ON l.oid = p.prolang
      WHERE NOT l.lanpltrusted AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_proc", "p.oid")}
      UNION ALL SELECT n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typtype = 'b' AND t.typelem = 0 AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_type", "t.oid")}`,
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
  }),
  nameCheck({
    check: "pg-cron",
    level: "warning",
    query: "SELECT extname AS name FROM pg_extension WHERE extname IN ('pg_cron', 'pgagent')",
    summary: (names) => `Scheduled jobs are not carried over: ${names}.`,
    remedy: "Create the jobs again on the new database.",
  }),
];
