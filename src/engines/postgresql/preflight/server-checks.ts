import { readLocale } from "../create-database.ts";
import { readExtensions } from "../extensions.ts";
import { readOtherUsers } from "../inspect.ts";
import { isUserSchema } from "../sql.ts";
import { type Check, listNames } from "./check.ts";

const GIBIBYTE = 1024 ** 3;
/** A disk is not filled further than this: indexes are sorted and the log grows beside the data. */
const DISK_SHARE = 0.8;
const LOCK_SHARE = 0.8;
const major = (version: number): number => Math.floor(version / 10_000);

const versionOrder: Check = async ({ sourceVersion, targetVersion }) => {
  if (major(targetVersion) >= major(sourceVersion)) return [];
  const summary = `The new server runs PostgreSQL ${major(targetVersion)}, older than ${major(sourceVersion)}.`;
  return [{ check: "version-order", level: "blocker", summary, remedy: "Pick a version that is not older." }];
};

const primary: Check = async ({ source }) => {
  const { rows } = await source.query<{ standby: boolean }>("SELECT pg_is_in_recovery() AS standby");
  if (rows[0]?.standby !== true) return [];
  const summary = "Godwit is connected to a standby, which cannot be fenced.";
  return [{ check: "primary", level: "blocker", summary, remedy: "Give Godwit the primary's address." }];
};

const administrator: Check = async ({ source, target }) => {
  const query = "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper";
  const counts = await Promise.all([source, target].map(async (side) => (await side.query(query)).rowCount));
  if (counts.every((count) => count === 1)) return [];
  const summary = "Godwit's administrator is not a superuser on both servers.";
  const remedy = "Give Godwit a superuser on both, since only that can fence a database for certain.";
  return [{ check: "administrator", level: "blocker", summary, remedy }];
};

const extensions: Check = async ({ source, target }) => {
  const { rows } = await target.query<{ name: string }>("SELECT name FROM pg_available_extensions");
  const available = new Set(rows.map(({ name }) => name));
  const missing = (await readExtensions(source))
    .map(({ name }) => name)
    .filter((name) => !available.has(name));
  if (missing.length === 0) return [];
  const summary = `The new server does not have these extensions: ${listNames(missing)}.`;
  const remedy = "Drop the extensions if nothing needs them, or pick another server.";
  return [{ check: "extensions", level: "blocker", summary, remedy }];
};

const disk: Check = async ({ source, input }) => {
  const { rows } = await source.query<{ bytes: string }>(
    "SELECT pg_database_size(current_database()) AS bytes",
  );
  const usedBytes = Number(rows[0]?.bytes ?? 0);
  const { diskBytes } = input.targetPlan;
  if (usedBytes <= DISK_SHARE * diskBytes) return [];
  const gib = (bytes: number): string => (bytes / GIBIBYTE).toFixed(1);
  const needed = Math.ceil(usedBytes / DISK_SHARE / GIBIBYTE);
  const summary = `The database takes ${gib(usedBytes)} GiB, too much for a disk of ${gib(diskBytes)} GiB.`;
  const remedy = `Pick a plan with at least ${needed} GiB of disk.`;
  return [{ check: "disk", level: "blocker", summary, remedy }];
};

const connections: Check = async ({ source, input }) => {
  const { rows } = await source.query<{ used: number }>(
    `SELECT count(*)::int AS used FROM pg_stat_activity WHERE datname = current_database()
     AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  const used = rows[0]?.used ?? 0;
  const allowed = input.targetPlan.connections;
  if (used <= allowed) return [];
  const summary = `${used} connections are open now, and the plan allows ${allowed}.`;
  const remedy = "Pick a plan with more connections, or make the applications' pools smaller.";
  return [{ check: "connections", level: "warning", summary, remedy }];
};

const otherUsers: Check = async ({ source, input }) => {
  const names = await readOtherUsers(source, input.source.username);
  if (names.length === 0) return [];
  const summary = `Other users can enter this database and are not carried over: ${listNames(names)}.`;
  return [{ check: "other-users", level: "info", summary }];
};

const locks: Check = async ({ source }) => {
  const { rows } = await source.query<{ tables: number; room: number }>(
    `SELECT (SELECT count(*)::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND ${isUserSchema("n.nspname")}) AS tables,
       current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int
         + current_setting('max_prepared_transactions')::int) AS room`,
  );
  const { tables = 0, room = 0 } = rows[0] ?? {};
  if (tables < LOCK_SHARE * room) return [];
  const summary = `The database has ${tables} tables, more than the server can lock at once (${room}).`;
  const remedy = "Raise max_locks_per_transaction on the old server and restart it.";
  return [{ check: "lock-table", level: "blocker", summary, remedy }];
};

const encoding: Check = async ({ source, input }) => {
  const locale = await readLocale(source, input.source.database);
  if (locale.encoding !== "SQL_ASCII") return [];
  const summary = "The database has no encoding (SQL_ASCII): its text is copied byte by byte, unchecked.";
  return [{ check: "encoding", level: "warning", summary }];
};

const locale: Check = async ({ source, target, input }) => {
  const { collate, ctype, provider } = await readLocale(source, input.source.database);
  if (provider !== "libc") return [];
  const normal = (name: string): string => name.toLowerCase().replaceAll("-", "");
  const { rows } = await target.query<{ name: string }>(
    "SELECT collcollate AS name FROM pg_collation WHERE collcollate IS NOT NULL UNION SELECT datcollate FROM pg_database",
  );
  const offered = new Set(["c", "posix", ...rows.map(({ name }) => normal(name))]);
  const missing = [...new Set([collate, ctype])].filter((name) => !offered.has(normal(name)));
  if (missing.length === 0) return [];
  const summary = `The new server does not have the database's locale: ${listNames(missing)}.`;
  return [{ check: "locale", level: "blocker", summary, remedy: "Pick another server, or ask support." }];
};

/** Checks that compare the two servers or the plan. */
export const serverChecks: readonly Check[] = [
  versionOrder,
  primary,
  administrator,
  extensions,
  disk,
  connections,
  otherUsers,
  locks,
  encoding,
  locale,
];
