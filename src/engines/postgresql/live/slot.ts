import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import { readVersion } from "../server-version.ts";
import { asAdmin, withPlainSession } from "../session.ts";
import { quoteName } from "../sql.ts";
import type { ReplicationNames } from "./names.ts";

const NEW_SYNTAX_SINCE = 150_000;
const TRANSACTION_TIMEOUT_SINCE = 170_000;
const PATIENCE_MS = 20_000;
/** The database's own limits do not end the session that holds the snapshot. */
export const NO_TIMEOUTS =
  "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0";

/** A slot that was just made. */
export interface NewSlot {
  /** Exported: shows what was committed before `position`, for as long as the connection does nothing else. */
  readonly snapshot: string;
  readonly position: string;
}

/** Makes a slot on a replication connection; a temporary one goes with the connection. */
export async function createSlot(
  walSender: pg.Client,
  name: string,
  kind: "PERMANENT" | "TEMPORARY",
): Promise<NewSlot> {
  const version = await readVersion(walSender);
  if (version >= TRANSACTION_TIMEOUT_SINCE) await walSender.query("SET transaction_timeout = 0");
  const option = version >= NEW_SYNTAX_SINCE ? "(SNAPSHOT 'export')" : "EXPORT_SNAPSHOT";
  const { rows } = await walSender.query(
    `CREATE_REPLICATION_SLOT ${quoteName(name)} ${kind === "TEMPORARY" ? kind : ""} LOGICAL pgoutput ${option}`,
  );
  return { snapshot: String(rows[0].snapshot_name), position: String(rows[0].consistent_point) };
}

/**
 * Makes the slot and runs `work` with the snapshot that the slot begins at: every change that the snapshot
 * does not show is in the slot, and no other. Only CREATE_REPLICATION_SLOT on a replication connection
 * exports such a snapshot; the function pg_create_logical_replication_slot does not. It is valid for as
 * long as that connection does nothing else. Source: PostgreSQL documentation, "Exporting Snapshots".
 */
export function withSlot<T>(
  source: DatabaseAccess,
  names: ReplicationNames,
  { signal, work }: { readonly signal: AbortSignal; readonly work: (snapshot: string) => Promise<T> },
): Promise<T> {
  const options = { name: names.holder, signal, options: NO_TIMEOUTS, replicates: true };
  return withPlainSession(asAdmin(source.server, source.database), options, async (walSender) =>
    work((await createSlot(walSender, names.name, "PERMANENT")).snapshot),
  );
}

/** Whether the slot exists and still has everything that it needs. */
export async function hasUsableSlot(admin: pg.Client, name: string): Promise<boolean> {
  const { rows } = await admin.query<{ usable: boolean }>(
    `SELECT coalesce(wal_status, 'reserved') <> 'lost' AND confirmed_flush_lsn IS NOT NULL AS usable
     FROM pg_replication_slots WHERE slot_name = $1`,
    [name],
  );
  return rows[0]?.usable ?? false;
}

async function endUsers(admin: pg.Client, names: ReplicationNames): Promise<void> {
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM (
       SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL
       UNION SELECT pid FROM pg_stat_activity WHERE backend_type = 'walsender'
         AND (usename = $1 OR application_name = $2)) AS users WHERE pid <> pg_backend_pid()`,
    [names.name, names.holder],
  );
}

/** Ends whoever uses the slot and drops it. Does nothing where there is none. */
export async function dropSlot(admin: pg.Client, names: ReplicationNames): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    await endUsers(admin, names);
    await admin.query(
      "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active",
      [names.name],
    );
    const { rowCount } = await admin.query("SELECT 1 FROM pg_replication_slots WHERE slot_name = $1", [
      names.name,
    ]);
    if (rowCount === 0) return;
    if (performance.now() > giveUpAt) throw slotStays(names.name);
    await admin.query("SELECT pg_sleep(0.05)");
  }
}

function slotStays(name: string): GodwitError {
  return new GodwitError({
    code: "slot-stays",
    class: "transient",
    summary: `The replication slot ${name} is still in use, so it cannot be dropped.`,
    remedy: "Drop it with pg_drop_replication_slot before it fills the old server's disk.",
  });
}
