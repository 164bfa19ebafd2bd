import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, EngineCall } from "../../../core/ports/engine.ts";
import { sqlState } from "../errors.ts";
import { asAdmin, closeSession, openSession } from "../session.ts";
import { isUserSchema, qualified } from "../sql.ts";
import { terminateBlockers } from "./terminate-sessions.ts";

const LOCK_TIMEOUT = "3s";
const ATTEMPTS = 10;
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";

/**
 * Catalogs that every DDL, every GRANT, and every change of a large object must write. Locked against
 * writing they keep the owner from giving itself its rights back, and cover new tables, schemas, functions
 * and large objects.
 */
const CATALOGS = [
  "pg_class",
  "pg_namespace",
  "pg_proc",
  "pg_type",
  "pg_largeobject_metadata",
  "pg_largeobject",
]
  .map((name) => `pg_catalog.${name}`)
  .join(", ");

async function lockPatiently(
  holder: pg.Client,
  admin: pg.Client,
  { pid, statement }: { readonly pid: number; readonly statement: string },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await holder.query("SAVEPOINT godwit_lock");
    const stopper = setTimeout(() => void terminateBlockers(admin, pid).catch(() => undefined), 200);
    try {
      await holder.query(statement);
      return;
    } catch (error) {
      const state = sqlState(error);
      if ((state !== LOCK_NOT_AVAILABLE && state !== DEADLOCK) || attempt === ATTEMPTS) throw error;
      await holder.query("ROLLBACK TO SAVEPOINT godwit_lock");
      await terminateBlockers(admin, pid);
    } finally {
      clearTimeout(stopper);
    }
  }
}

/** Names of everything with rows, by OID: one order for everyone keeps deadlocks away. */
async function readLockable(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${isUserSchema("n.nspname")}
     ORDER BY c.oid`,
  );
  return rows.map(({ schema, name }) => `ONLY ${qualified(schema, name)}`);
}

async function lockAll(holder: pg.Client, admin: pg.Client, locksTables: boolean): Promise<void> {
  const { rows } = await holder.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const pid = rows[0]?.pid ?? 0;
  await holder.query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  await holder.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
  await lockPatiently(holder, admin, { pid, statement: `LOCK TABLE ${CATALOGS} IN SHARE MODE` });
  if (!locksTables) return;
  // From here on no table can appear or vanish.
  const tables = await readLockable(admin);
  if (tables.length === 0) return;
  await lockPatiently(holder, admin, { pid, statement: `LOCK TABLE ${tables.join(", ")} IN EXCLUSIVE MODE` });
}

interface HardLayer {
  /** Name of the session that holds it. */
  readonly holder: string;
  /**
   * Locks every table too, for applications that no missing right can stop. Statements that write then
   * meet 55P03 instead of 25006, since a table's lock is waited for before the server looks whether the
   * transaction is read-only (measured, PostgreSQL 15 to 18).
   */
  readonly locksTables: boolean;
  readonly call: EngineCall;
}

/**
 * Locks the catalogs, in a transaction that stays open for as long as the session lives. When the session
 * or its process dies, the server lets go by itself.
 */
export async function takeHardLayer(
  source: DatabaseAccess,
  admin: pg.Client,
  { holder: name, locksTables, call }: HardLayer,
): Promise<pg.Client> {
  // The hold outlives the call that made it, so it does not end with the call's signal.
  const signal = new AbortController().signal;
  const holder = await openSession(asAdmin(source.server, source.database), { name, signal });
  const abort = (): void => void holder.connection.stream.destroy();
  call.signal.addEventListener("abort", abort, { once: true });
  try {
    call.signal.throwIfAborted();
    await lockAll(holder, admin, locksTables);
    return holder;
  } catch (error) {
    await closeSession(holder);
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
