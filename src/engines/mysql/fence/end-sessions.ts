import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import { errorNumber } from "../errors.ts";
import { asAdmin, type Session } from "../session.ts";

/** A database on a server; whose it is does not matter. */
export type Place = Pick<DatabaseAccess, "server" | "database">;

/** How long sessions may take to go. */
const PATIENCE_MS = 30_000;
const NO_SUCH_THREAD = 1094;

async function kill(admin: Session, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    await admin.run(`KILL ${id}`).catch((error: unknown) => {
      if (errorNumber(error) !== NO_SUCH_THREAD) throw error;
    });
  }
}

/** Waits until sessions are gone that were told to go; what they had not committed is taken back by then. */
async function untilGone(
  admin: Session,
  { source, ids }: { readonly source: Place; readonly ids: readonly number[] },
): Promise<void> {
  if (ids.length === 0) return;
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = await admin.rows(
      `SELECT ID FROM ${admin.flavour.sessions} WHERE ID IN (${ids.join(", ")}) LIMIT 1`,
    );
    if (left.length === 0) return;
    if (performance.now() > giveUpAt) throw sessionsStay(source.database);
    await admin.rows("SELECT SLEEP(0.02) AS slept");
  }
}

function sessionsStay(database: string): GodwitError {
  return new GodwitError({
    code: "sessions-stay",
    class: "transient",
    summary: `Some sessions of ${database} did not end within ${PATIENCE_MS / 1000} seconds.`,
    remedy: "Stop what is still working on the database, then try again.",
  });
}

/**
 * Ends the sessions that are in the database, and those of its users that are in none and may name it. Rights on a
 * database are read when a session enters it, so an old session would keep what the fence has taken. Sessions of ours
 * are in no database.
 */
export async function endSessions(admin: Session, source: Place, users: readonly string[]): Promise<void> {
  const strangers = users.filter((user) => user !== asAdmin(source.server).user);
  const byUser = strangers.length === 0 ? "" : " OR (USER IN (?) AND (DB IS NULL OR DB = ''))";
  const values = strangers.length === 0 ? [source.database] : [source.database, strangers];
  const rows = await admin.rows<{ id: number }>(
    `SELECT ID AS id FROM ${admin.flavour.sessions}
     WHERE ID <> CONNECTION_ID() AND COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')
       AND (DB = ?${byUser})`,
    values,
  );
  const ids = rows.map(({ id }) => id);
  await kill(admin, ids);
  await untilGone(admin, { source, ids });
}

/** Ends the sessions that hold these named locks; returns how many there were. */
export async function endHolders(admin: Session, source: Place, locks: readonly string[]): Promise<number> {
  const ids: number[] = [];
  for (const lock of locks) {
    const [row] = await admin.rows<{ id: number | null }>("SELECT IS_USED_LOCK(?) AS id", [lock]);
    if (row?.id != null && row.id !== admin.id) ids.push(row.id);
  }
  await kill(admin, ids);
  await untilGone(admin, { source, ids });
  return ids.length;
}
