import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";

/** How long sessions may take to go. */
const PATIENCE_MS = 30_000;

/**
 * Everyone but Godwit. The application's role may call its sessions `godwit` too, so the name counts only
 * with the administrator's role. Standby and replication connections only read.
 */
const OTHERS = `datname = $1 AND pid <> pg_backend_pid()
  AND NOT (usename = current_user AND application_name LIKE 'godwit%')
  AND backend_type NOT IN ('walsender', 'autovacuum worker', 'autovacuum launcher', 'parallel worker')`;

/** Ends the sessions of a database that are older than the given moment of the server's clock. */
async function terminateOnce(admin: pg.Client, database: string, before: string): Promise<number> {
  const { rows } = await admin.query<{ terminated: number }>(
    `SELECT count(pg_terminate_backend(pid))::int AS terminated FROM pg_stat_activity
     WHERE ${OTHERS} AND backend_start <= $2::timestamptz`,
    [database, before],
  );
  return rows[0]?.terminated ?? 0;
}

/**
 * Ends all sessions that began before now and waits until they are gone. Pools may reconnect meanwhile:
 * new sessions are under the soft layer. Two empty looks in a row, since a session that is just starting
 * is not listed yet.
 */
export async function terminateSessions(admin: pg.Client, database: string): Promise<void> {
  const { rows } = await admin.query<{ now: string }>("SELECT clock_timestamp()::text AS now");
  const before = rows[0]?.now ?? "now";
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let quiet = 0; quiet < 2; await admin.query("SELECT pg_sleep(0.025)")) {
    quiet = (await terminateOnce(admin, database, before)) === 0 ? quiet + 1 : 0;
    if (quiet === 0 && performance.now() > giveUpAt) throw sessionsStay(database);
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

/** Ends whatever keeps the session with this pid from its lock. */
export async function terminateBlockers(admin: pg.Client, pid: number): Promise<void> {
  await admin.query(
    `SELECT pg_terminate_backend(blocker) FROM unnest(pg_blocking_pids($1)) AS blocker
     WHERE blocker <> pg_backend_pid() AND blocker > 0`,
    [pid],
  );
}

/**
 * Ends the sessions with these application names, which only the administrator's role may hold. Returns
 * how many there were.
 */
export async function terminateNamed(
  admin: pg.Client,
  database: string,
  names: readonly string[],
): Promise<number> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  const ended = new Set<number>();
  for (;;) {
    const { rows } = await admin.query<{ pid: number }>(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = $1 AND application_name = ANY ($2::text[]) AND usename = current_user
         AND pid <> pg_backend_pid()`,
      [database, names],
    );
    if (rows.length === 0) return ended.size;
    for (const { pid } of rows) ended.add(pid);
    if (performance.now() > giveUpAt) throw sessionsStay(database);
    await admin.query("SELECT pg_sleep(0.02)");
  }
}
