import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { LiveObstacle } from "../../../core/ports/engine.ts";
import { listNames } from "../preflight/check.ts";
import { isUserSchema, notOfExtension } from "../sql.ts";

const TABLES = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`;
const TABLE = "n.nspname || '.' || c.relname";
/** A deferrable primary key does not identify rows. */
const HAS_KEY = `EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
  AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END)`;

/** One look: a query that returns a column `name`, and what it means when it returns any. */
interface Look extends Pick<LiveObstacle, "check" | "remedy"> {
  readonly query: string;
  readonly summary: (names: string) => string;
}

const SERVER_LOOKS: readonly Look[] = [
  {
    check: "wal-level",
    query: "SELECT current_setting('wal_level') AS name WHERE current_setting('wal_level') <> 'logical'",
    summary: (level) =>
      `The old server runs with wal_level = ${level.replaceAll(/[“”]/g, "")}, which does not allow replication.`,
    remedy: "Set wal_level = logical on the old server and restart it, or choose to copy while read-only.",
  },
  {
    check: "replication-slots",
    query: `SELECT 'none' AS name WHERE (SELECT count(*) FROM pg_replication_slots)
      >= current_setting('max_replication_slots')::int`,
    summary: () => "The old server has no replication slot left.",
    remedy: "Drop a slot that nobody uses, or raise max_replication_slots on the old server.",
  },
  {
    check: "wal-senders",
    query: `SELECT 'none' AS name WHERE (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender') + 2
      > current_setting('max_wal_senders')::int`,
    summary: () => "The old server has too few free senders for a replication.",
    remedy: "Raise max_wal_senders on the old server; a replication needs two.",
  },
  {
    check: "replication-right",
    query: "SELECT rolname AS name FROM pg_roles WHERE rolname = current_user AND NOT rolsuper",
    summary: () => "Godwit's administrator on the old server may not set up a replication.",
    remedy: "Give Godwit a superuser on the old server, or choose to copy while read-only.",
  },
];

const TABLE_LOOKS: readonly Look[] = [
  {
    check: "replica-identity",
    query: `SELECT ${TABLE} AS name ${TABLES} AND c.relkind = 'r' AND c.relpersistence = 'p'
      AND c.relreplident <> 'f' AND NOT ${HAS_KEY}`,
    summary: (names) =>
      `Rows of these tables cannot be told apart by a replication, since they have no primary key: ${names}.`,
    remedy: "Add a primary key, or run ALTER TABLE … REPLICA IDENTITY FULL on each.",
  },
  {
    check: "full-identity",
    query: `SELECT DISTINCT ${TABLE} AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      WHERE c.relkind = 'r' AND c.relreplident = 'f' AND ${isUserSchema("n.nspname")}
        AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid)
        AND coalesce(nullif(t.typbasetype, 0), t.oid)::regtype::text
          = ANY ('{json,xml,point,box,polygon,path,lseg,line,circle,txid_snapshot,pg_snapshot}'::text[])`,
    summary: (names) =>
      `These tables are identified by whole rows, and hold types that cannot be compared: ${names}.`,
    remedy: "Add a primary key to each, or choose to copy while read-only.",
  },
  {
    check: "unlogged-tables",
    query: `SELECT ${TABLE} AS name ${TABLES} AND c.relpersistence = 'u'`,
    summary: (names) => `Unlogged tables are not replicated: ${names}.`,
    remedy: "Run ALTER TABLE … SET LOGGED on each, or choose to copy while read-only.",
  },
  {
    check: "large-objects",
    query: "SELECT count(*)::text AS name FROM pg_largeobject_metadata HAVING count(*) > 0",
    summary: (count) => `Large objects are not replicated, and there are ${count.replaceAll(/\D/g, "")}.`,
    remedy: "Move them into bytea columns, or choose to copy while read-only.",
  },
  {
    check: "replica-triggers",
    query: `SELECT DISTINCT ${TABLE} AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal AND t.tgenabled IN ('A', 'R')
        AND ${isUserSchema("n.nspname")}`,
    summary: (names) => `Triggers of these tables would run a second time for replicated rows: ${names}.`,
    remedy: "Run ALTER TABLE … ENABLE TRIGGER on each, or choose to copy while read-only.",
  },
  {
    check: "forced-row-security",
    query: `SELECT ${TABLE} AS name ${TABLES} AND c.relforcerowsecurity`,
    summary: (names) =>
      `Row security binds the owner of these tables too, so no replication may write them: ${names}.`,
    remedy: "Run ALTER TABLE … NO FORCE ROW LEVEL SECURITY on each, or choose to copy while read-only.",
  },
];

async function lookFor(admin: pg.Client, looks: readonly Look[]): Promise<LiveObstacle[]> {
  const found: LiveObstacle[] = [];
  for (const { check, query, summary, remedy } of looks) {
    const { rows } = await admin.query<{ name: string }>(query);
    if (rows.length > 0)
      found.push({ check, summary: summary(listNames(rows.map(({ name }) => name))), remedy });
  }
  return found;
}

/** Everything about a database and its server that keeps it from being replicated. */
export async function readObstacles(admin: pg.Client): Promise<LiveObstacle[]> {
  return [...(await lookFor(admin, SERVER_LOOKS)), ...(await lookFor(admin, TABLE_LOOKS))];
}

function obstacle(found: readonly LiveObstacle[]): GodwitError | null {
  const [first] = found;
  if (first === undefined) return null;
  return new GodwitError({
    code: "replication-obstacle",
    summary: found.map(({ summary }) => summary).join(" "),
    remedy: first.remedy,
  });
}

/** Throws `replication-obstacle` when the database cannot be replicated now. */
export async function refuseObstacles(admin: pg.Client): Promise<void> {
  const problem = obstacle(await readObstacles(admin));
  if (problem !== null) throw problem;
}

/** Throws when something has appeared in the database, since it was copied, that replication does not carry. */
export async function refuseNewObstacles(admin: pg.Client): Promise<void> {
  const problem = obstacle(await lookFor(admin, TABLE_LOOKS));
  if (problem !== null) throw problem;
}

const TARGET_NEEDS = `SELECT
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'logical replication launcher') AS launchers,
  current_setting('max_logical_replication_workers')::int AS workers,
  (SELECT count(*) FROM pg_subscription WHERE subenabled)::int AS busy,
  coalesce(current_setting('max_active_replication_origins', true), current_setting('max_replication_slots'))::int AS origins,
  (SELECT count(*) FROM pg_replication_origin)::int AS used`;

/** Throws `replication-obstacle` when the target's server has no room for a subscription. */
export async function refuseFullTarget(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query(TARGET_NEEDS);
  const { workers, busy, origins, used } = rows[0];
  const setting =
    workers <= busy ? "max_logical_replication_workers" : origins <= used ? "max_replication_slots" : null;
  if (setting === null) return;
  throw new GodwitError({
    code: "replication-obstacle",
    summary: "The new server has no room for another replication.",
    remedy: `Raise ${setting} on the new server and restart it, or choose to copy while read-only.`,
  });
}
