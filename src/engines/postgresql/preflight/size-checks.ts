import type pg from "pg";
import { sqlState } from "../errors.ts";
import { isUserSchema, qualified, quoteName } from "../sql.ts";
import { type Check, findNames, nameCheck } from "./check.ts";

const GIBIBYTE = 1024 ** 3;
const MEBIBYTE = 1024 ** 2;
/** A disk is not filled further than this: indexes are sorted and the log grows beside the data. */
const DISK_SHARE = 0.8;
/** Rows of a gibibyte compress to no less than about a hundredth of it. */
const SMALLEST_TOAST_SHARE = 1 / 256;
const TABLES_LOOKED_AT = 20;
const QUERY_CANCELED = "57014";

const gib = (bytes: number): string => (bytes / GIBIBYTE).toFixed(1);

const disk: Check = async ({ source, target, input }) => {
  const { rows } = await source.query<{ bytes: number; index: number }>(
    `SELECT pg_database_size(current_database())::float8 AS bytes,
       coalesce((SELECT max(c.relpages) FROM pg_class c WHERE c.relkind = 'i'), 0)::float8 * current_setting('block_size')::int AS index`,
  );
  const wal = await target.query<{ bytes: number }>(
    "SELECT pg_size_bytes(current_setting('max_wal_size'))::float8 AS bytes",
  );
  const { bytes: usedBytes = 0, index = 0 } = rows[0] ?? {};
  const { diskBytes } = input.targetPlan;
  const room = DISK_SHARE * diskBytes;
  // The log of a copy is about as large as what is copied.
  const all = usedBytes + index + Math.min(wal.rows[0]?.bytes ?? 0, usedBytes);
  if (all <= room) return [];
  const isBlocked = usedBytes > room;
  const needed = Math.ceil((isBlocked ? usedBytes : all) / DISK_SHARE / GIBIBYTE);
  const summary = isBlocked
    ? `The database takes ${gib(usedBytes)} GiB, too much for a disk of ${gib(diskBytes)} GiB.`
    : `While it is copied the database may take ${gib(all)} GiB, much for a disk of ${gib(diskBytes)} GiB.`;
  const remedy = `Pick a plan with at least ${needed} GiB of disk.`;
  return [{ check: "disk", level: isBlocked ? "blocker" : "warning", summary, remedy }];
};

const bloat: Check = async ({ source, limits }) => {
  const { rows } = await source.query<{ bytes: number }>(
    `SELECT coalesce(sum(pg_table_size(relid) * n_dead_tup::numeric / (n_live_tup + n_dead_tup)), 0)::float8 AS bytes
     FROM pg_stat_user_tables WHERE n_dead_tup > n_live_tup / 5 AND n_dead_tup > 0`,
  );
  const bytes = rows[0]?.bytes ?? 0;
  if (bytes < limits.bloatBytes) return [];
  const summary = `About ${Math.ceil(bytes / MEBIBYTE)} MiB of the tables are dead rows, which are not copied.`;
  return [{ check: "bloat", level: "info", summary }];
};

const connections: Check = async ({ source, input }) => {
  const { rows } = await source.query<{ used: number }>(
    `SELECT count(*)::int AS used FROM pg_stat_activity WHERE datname = current_database()
     AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name NOT LIKE 'godwit%'`,
  );
  const used = rows[0]?.used ?? 0;
  const allowed = input.targetPlan.connections;
  if (used <= allowed) return [];
  const summary = `${used} connections are open now, and the plan allows ${allowed}.`;
  const remedy = "Pick a plan with more connections, or make the applications' pools smaller.";
  return [{ check: "connections", level: "warning", summary, remedy }];
};

interface Wide {
  readonly schema: string;
  readonly name: string;
  readonly texts: string[];
  readonly binaries: string[];
}

/** Tables with enough in their side tables that one row could be too large. */
async function readWideTables(source: pg.Client, rowBytes: number): Promise<Wide[]> {
  const columns = (types: string): string =>
    `array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND a.atttypid::regtype::text IN (${types}))`;
  const { rows } = await source.query<Wide>(
    `SELECT n.nspname AS schema, c.relname AS name, ${columns("'text', 'character varying', 'character'")} AS texts,
       ${columns("'bytea'")} AS binaries
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND c.reltoastrelid <> 0 AND ${isUserSchema("n.nspname")}
       AND pg_relation_size(c.reltoastrelid) > $1::float8 * ${SMALLEST_TOAST_SHARE}
     ORDER BY pg_relation_size(c.reltoastrelid) DESC LIMIT ${TABLES_LOOKED_AT}`,
    [rowBytes],
  );
  return rows.filter(({ texts, binaries }) => texts.length + binaries.length > 0);
}

/** Size of the widest row: read from the headers of its values, which stay where they are. */
async function readWidest(source: pg.Client, table: Wide, scanMs: number): Promise<number> {
  const size = (name: string): string => `coalesce(octet_length(t.${quoteName(name)}), 0)::int8`;
  const sum = [...table.texts, ...table.binaries].map(size).join(" + ");
  const sql = `SELECT max(${sum})::float8 AS bytes FROM ONLY ${qualified(table.schema, table.name)} AS t`;
  try {
    await source.query(`BEGIN; SET LOCAL statement_timeout = ${scanMs}`);
    return (await source.query<{ bytes: number | null }>(sql)).rows[0]?.bytes ?? 0;
  } catch (error) {
    if (sqlState(error) !== QUERY_CANCELED) throw error;
    return 0;
  } finally {
    await source.query("ROLLBACK");
  }
}

const wideRows: Check = async ({ source, limits }) => {
  const tooWide: string[] = [];
  for (const table of await readWideTables(source, limits.rowBytes)) {
    const widest = await readWidest(source, table, limits.scanMs);
    if (widest >= limits.rowBytes) tooWide.push(`${table.schema}.${table.name}`);
  }
  return findNames(tooWide, {
    check: "wide-rows",
    level: "blocker",
    summary: (names) => `Some rows are larger than 1 GiB, which no server can send as one: ${names}.`,
    remedy: "Split these rows, or move their largest values into large objects.",
  });
};

const largeObjects = nameCheck({
  check: "large-objects",
  level: "info",
  query: `SELECT format('%s, %s', count(*), pg_size_pretty(pg_relation_size('pg_catalog.pg_largeobject'))) AS name
    FROM pg_largeobject_metadata HAVING count(*) > 0`,
  summary: (said) => {
    const [count, size] = said.replace(/[“”]/g, "").split(", ");
    return `The database holds ${count} large objects (${size}). They are copied while it is read-only.`;
  },
});

/** Checks of what fits into the plan, and of what is too large to travel. */
export const sizeChecks: readonly Check[] = [disk, bloat, connections, wideRows, largeObjects];
