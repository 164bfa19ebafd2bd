import { formatBytes, formatDuration } from "../../../core/format.ts";
import { type Check, readVariable } from "./check.ts";

const DISK_SHARE = 0.8;
/** From when on a transaction counts as long. */
export const LIMITS = { longTransactionSeconds: 300 };

const disk: Check = async ({ source, database, input }) => {
  const [row] = await source.rows<{ bytes: string }>(
    "SELECT COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
    [database],
  );
  const used = Number(row?.bytes ?? 0);
  const { diskBytes, name } = input.targetPlan;
  if (used <= diskBytes * DISK_SHARE) return [];
  const level = used > diskBytes ? "blocker" : "warning";
  const summary = `The database takes ${formatBytes(used)}, and ${name} has ${formatBytes(diskBytes)} of disk.`;
  return [{ check: "disk", level, summary, remedy: "Pick a plan with more disk." }];
};

const connections: Check = async ({ source, target, database, input }) => {
  const { connections: planned, name } = input.targetPlan;
  const [row] = await source.rows<{ open: number }>(
    `SELECT COUNT(*) AS open FROM ${source.flavour.sessions} WHERE DB = ?`,
    [database],
  );
  const open = row?.open ?? 0;
  const server = Number(await readVariable(target, "max_connections"));
  if (open > planned) {
    const summary = `${open} connections are open, and ${name} allows ${planned}.`;
    return [
      { check: "connections", level: "blocker", summary, remedy: "Pick a plan with more connections." },
    ];
  }
  if (open <= server) return [];
  const summary = `${open} connections are open, and the new server allows ${server} in all.`;
  return [
    { check: "connections", level: "blocker", summary, remedy: "Raise max_connections on the new server." },
  ];
};

const longTransactions: Check = async ({ source, database }) => {
  const [row] = await source.rows<{ seconds: number | null }>(
    `SELECT MAX(TIMESTAMPDIFF(SECOND, t.trx_started, NOW())) AS seconds FROM information_schema.INNODB_TRX t
     JOIN ${source.flavour.sessions} p ON p.ID = t.trx_mysql_thread_id WHERE p.DB = ?`,
    [database],
  );
  const seconds = row?.seconds ?? 0;
  if (seconds < LIMITS.longTransactionSeconds) return [];
  const summary = `A transaction has been open for ${formatDuration(seconds * 1000)}. It is ended, and taken back, when the database becomes read-only.`;
  return [{ check: "long-transactions", level: "warning", summary, remedy: "Let it finish first." }];
};

/** A prepared transaction keeps its locks after its session ends, and the server does not tell of which database they are. */
const prepared: Check = async ({ source }) => {
  const rows = await source.rows("XA RECOVER");
  if (rows.length === 0) return [];
  const summary =
    "The old server holds prepared transactions, which may keep the database from becoming read-only.";
  return [
    {
      check: "prepared-transactions",
      level: "warning",
      summary,
      remedy: "Commit or roll them back with XA COMMIT or XA ROLLBACK.",
    },
  ];
};

/** Checks of sizes, and of what runs. */
export const sizeChecks: readonly Check[] = [disk, connections, longTransactions, prepared];
