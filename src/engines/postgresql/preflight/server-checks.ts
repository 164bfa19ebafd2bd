import { GodwitError } from "../../../core/failure.ts";
import { canTakeWriteRights } from "../fence/write-rights.ts";
import { isUserSchema } from "../sql.ts";
import { type Check, isSince, nameCheck } from "./check.ts";

/** A server locks about twice as many tables as it says (measured: 12,872 of 6,400 on 15, 14,927 on 18). */
const LOCK_SLACK = 2.5;
const major = (version: number): number => Math.floor(version / 10_000);
/** Hashes of whole rows and `bit_xor` exist from this version on. */
const OLDEST_SOURCE = 14;

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

const sourceVersion: Check = async ({ sourceVersion }) => {
  if (isSince(sourceVersion, OLDEST_SOURCE)) return [];
  const summary = `The old server runs PostgreSQL ${major(sourceVersion)}, whose copy Godwit cannot prove.`;
  const remedy = `Bring the old server to PostgreSQL ${OLDEST_SOURCE} first, or ask support.`;
  return [{ check: "source-version", level: "blocker", summary, remedy }];
};

/** pg_dump refuses servers that are newer than it is, and pg_restore of the target's version suits both. */
const clientTools: Check = async ({ targetVersion, findClient }) => {
  try {
    await findClient?.(major(targetVersion));
    return [];
  } catch (error) {
    if (!(error instanceof GodwitError)) throw error;
    return [{ check: error.code, level: "blocker", summary: error.summary, remedy: error.remedy }];
  }
};

/** Every table is locked once while the schema is read. */
const locks: Check = async ({ source }) => {
  const { rows } = await source.query<{ tables: number; room: number }>(
    `SELECT (SELECT count(*)::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND ${isUserSchema("n.nspname")}) AS tables,
       current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int
         + current_setting('max_prepared_transactions')::int) AS room`,
  );
  const { tables = 0, room = 0 } = rows[0] ?? {};
  if (tables <= room) return [];
  const level = tables > LOCK_SLACK * room ? "blocker" : "warning";
  const summary = `The database has ${tables} tables, more than the old server promises to lock at once (${room}).`;
  const remedy = "Raise max_locks_per_transaction on the old server and restart it.";
  return [{ check: "lock-table", level, summary, remedy }];
};

/** Where rights cannot stop the application, tables are locked, and writes wait before they fail. */
const fenceByLocks: Check = async ({ source, input }) => {
  if (await canTakeWriteRights(source, input.source.username)) return [];
  const summary =
    "The application, or a function of the database, has rights that cannot be taken away. " +
    "While the database is read-only, its writes fail with lock timeouts.";
  const remedy = "Nothing is lost by it. To avoid it, give the application a role that is no superuser.";
  return [{ check: "fence-by-locks", level: "warning", summary, remedy }];
};

const encryption: Check = async ({ source, target }) => {
  const ssl = async (side: typeof source): Promise<string> => (await side.query("SHOW ssl")).rows[0].ssl;
  if ((await ssl(source)) !== "on" || (await ssl(target)) === "on") return [];
  const summary = "The old server encrypts connections and the new one does not.";
  const remedy = "Pick another server if the application's URL asks for TLS.";
  return [{ check: "encryption", level: "warning", summary, remedy }];
};

const passwordMethod = nameCheck({
  check: "password-method",
  level: "warning",
  query: "SELECT rolname AS name FROM pg_authid WHERE rolname = $1 AND rolpassword LIKE 'md5%'",
  values: ({ input }) => [input.source.username],
  summary: (names) => `The password of ${names} is kept as MD5; the new server keeps it as SCRAM-SHA-256.`,
  remedy: "Check that the application's driver knows SCRAM-SHA-256; drivers since 2018 do.",
});

/** Checks of the two servers, and of what Godwit may do on them. */
export const serverChecks: readonly Check[] = [
  versionOrder,
  sourceVersion,
  primary,
  administrator,
  clientTools,
  encryption,
  locks,
  fenceByLocks,
  passwordMethod,
];
