import { GodwitError } from "../../../core/failure.ts";
import type { EngineCall } from "../../../core/ports/engine.ts";
import { errorNumber } from "../errors.ts";
import { asAdmin, openSession, type Session } from "../session.ts";
import { qualified, quoteName } from "../sql.ts";
import { endSessions, type Place } from "./end-sessions.ts";

const LOCK_WAIT_SECONDS = 2;
const ATTEMPTS = 10;
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK = 1213;
const NO_SUCH_TABLE = 1146;

/** What takes a lock, and whose sessions may be in its way. */
interface Patience {
  readonly admin: Session;
  readonly source: Place;
  readonly users: readonly string[];
}

/** Runs a statement that waits for what other sessions hold, and ends those that do not let go. */
export async function runPatiently(
  session: Session,
  statement: () => Promise<string | null>,
  { admin, source, users }: Patience,
): Promise<void> {
  await session.run(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_SECONDS}`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const text = await statement();
      if (text !== null) await session.run(text);
      return;
    } catch (error) {
      const isInTheWay = [LOCK_WAIT_TIMEOUT, DEADLOCK, NO_SUCH_TABLE].includes(errorNumber(error) ?? 0);
      if (!isInTheWay || attempt === ATTEMPTS) throw error;
      await endSessions(admin, source, users);
    }
  }
}

/** Locks every table that has rows; a table that vanishes meanwhile is left out the next time. */
export async function lockStatement(admin: Session, database: string): Promise<string | null> {
  const rows = await admin.rows<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`,
    [database],
  );
  if (rows.length === 0) return null;
  return `LOCK TABLES ${rows.map(({ name }) => `${qualified(database, name)} READ`).join(", ")}`;
}

/** Where the server can keep a database read-only by itself it does, whoever asks; else every table is locked. */
async function close(session: Session, patience: Patience): Promise<void> {
  const { admin, source } = patience;
  const statement =
    admin.flavour.fencedBy === "schema"
      ? async () => readOnlyStatement(source.database, 1)
      : () => lockStatement(admin, source.database);
  await unlogged(session, () => runPatiently(session, statement, patience));
}

/** Says whether MySQL keeps a database read-only by itself. */
export const readOnlyStatement = (database: string, isReadOnly: 0 | 1): string =>
  `ALTER DATABASE ${quoteName(database)} READ ONLY = ${isReadOnly}`;

/**
 * Runs what is meant for this server alone. MySQL writes `ALTER DATABASE … READ ONLY` to its binary log, by which it
 * would reach every server that follows, and filters do not keep it from a database of the same name (seen on 9.7).
 */
export async function unlogged(session: Session, work: () => Promise<void>): Promise<void> {
  await session.run("SET SESSION sql_log_bin = 0");
  try {
    await work();
  } finally {
    await session.run("SET SESSION sql_log_bin = 1").catch(() => undefined);
  }
}

/**
 * Takes the hard layer with a session that bears the fence's lock. When the session or its process dies, the server
 * lets go of the tables by itself; a read-only database stays so until it is undone.
 */
export async function takeHardLayer(
  patience: Patience,
  { lock, call }: { readonly lock: string; readonly call: EngineCall },
): Promise<Session> {
  // The hold outlives the call that made it, so it does not end with the call's signal.
  const signal = new AbortController().signal;
  const session = await openSession(asAdmin(patience.source.server), { signal });
  const abort = (): void => void session.socket.destroy();
  call.signal.addEventListener("abort", abort, { once: true });
  try {
    call.signal.throwIfAborted();
    const [row] = await session.rows<{ locked: number | null }>("SELECT GET_LOCK(?, 10) AS locked", [lock]);
    if (row?.locked !== 1) throw fenceLost(patience.source.database);
    await close(session, patience);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  } finally {
    call.signal.removeEventListener("abort", abort);
  }
}

/** What is thrown when the hard layer is gone. */
export function fenceLost(database: string): GodwitError {
  return new GodwitError({
    code: "fence-lost",
    class: "transient",
    summary: `The session that kept ${database} from being written to was lost.`,
    remedy: "Godwit fences the database again and repeats what it was doing.",
  });
}
