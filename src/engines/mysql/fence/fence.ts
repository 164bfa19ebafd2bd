import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { JsonObject } from "../../../core/step.ts";
import { errorNumber } from "../errors.ts";
import { grantStatement, revokeStatement } from "../rights.ts";
import { type Session, withAdmin } from "../session.ts";
import { endHolders, endSessions, type Place } from "./end-sessions.ts";
import { alterEvents } from "./events.ts";
import { alreadyFenced, readFenceMark, removeFenceMark, setFenceMark } from "./fence-mark.ts";
import { fenceLost, readOnlyStatement, runPatiently, takeHardLayer, unlogged } from "./hard-layer.ts";
import { type FenceNames, fenceNames } from "./names.ts";
import { parseUndo, readWriteRights } from "./plan-fence.ts";

const HEARTBEAT_MS = 10_000;

/** No such grant, table, routine, database or account: somebody has dropped it. Not those a session is denied for. */
const GONE = new Set([1049, 1133, 1141, 1146, 1147, 1305, 1403, 1054, 1976]);

/** Events that ran before the fence that a hold stands for. */
const before = new WeakMap<FenceHold, readonly string[]>();

/** Events that ran before the fence was built. */
export function eventsBefore(hold: FenceHold): readonly string[] {
  return before.get(hold) ?? [];
}

function watch(session: Session, database: string, since: Date): FenceHold {
  let alive = true;
  const lose = (): void => {
    alive = false;
    clearInterval(heartbeat);
  };
  const beat = async (): Promise<void> => {
    try {
      await session.run("DO 1");
    } catch {
      lose();
    }
  };
  const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS).unref();
  session.socket.once("close", lose);
  return {
    since,
    isAlive: () => alive,
    async assertAlive() {
      if (alive) await beat();
      if (!alive) throw fenceLost(database);
    },
    async release() {
      lose();
      await session.close();
    },
  };
}

/** Runs statements about rights; what they are about may be gone. */
async function changeRights(admin: Session, statements: readonly string[]): Promise<void> {
  // Without it a GRANT to somebody who was dropped would make him anew, without a password.
  if (admin.flavour.product === "MariaDB") await admin.run("SET SESSION sql_mode = 'NO_AUTO_CREATE_USER'");
  for (const statement of statements) {
    await admin.run(statement).catch((error: unknown) => {
      if (!GONE.has(errorNumber(error) ?? 0)) throw error;
    });
  }
}

function changedMeanwhile(database: string): GodwitError {
  return new GodwitError({
    code: "schema-changed",
    summary: `Somebody granted rights on ${database} just as it was being fenced.`,
    remedy: "Try again when nobody is changing rights.",
  });
}

/** Looks once more whether every right was noted and taken, and whether nobody has lifted this fence meanwhile. */
async function proveComplete(
  admin: Session,
  { database, names }: { readonly database: string; readonly names: FenceNames },
): Promise<void> {
  const isByRights = admin.flavour.fencedBy === "rights";
  if (isByRights && (await readWriteRights(admin, database)).length > 0) throw changedMeanwhile(database);
  if ((await readFenceMark(admin, database)) !== names.holder) throw fenceLost(database);
}

/**
 * Builds the fence: events off, rights to write taken, sessions ended, then the hard layer. May be called again after
 * a crash with the same `undo`, which it never changes.
 */
export async function fence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, call }: { readonly holder: string; readonly call: EngineCall },
): Promise<FenceHold> {
  const { rights, events, users } = parseUndo(undo);
  const { database } = source;
  const names = fenceNames(database, holder);
  return withAdmin(source.server, call.signal, async (admin) => {
    call.report({ label: "closing the database to writers" });
    const mark = await readFenceMark(admin, database);
    if (mark !== null && mark !== names.holder) throw alreadyFenced(database, mark);
    await endHolders(admin, source, [names.holdLock, names.buildLock]);
    await admin.rows("SELECT GET_LOCK(?, 10) AS locked", [names.buildLock]);
    await setFenceMark(admin, database, names.holder);
    if (!(await isReadOnly(admin, database)))
      await alterEvents(admin, { database, names: events }, "DISABLE");
    const since = call.clock.now();
    await changeRights(admin, rights.map(revokeStatement));
    await endSessions(admin, source, users);
    const session = await takeHardLayer({ admin, source, users }, { lock: names.holdLock, call });
    try {
      await proveComplete(admin, { database, names });
    } catch (error) {
      await session.close();
      throw error;
    }
    const hold = watch(session, database, since);
    before.set(hold, events);
    return hold;
  });
}

/** Whether the server itself keeps a database read-only; only MySQL can. */
export async function isReadOnly(admin: Session, database: string): Promise<boolean> {
  if (admin.flavour.fencedBy !== "schema") return false;
  const rows = await admin.rows(
    `SELECT 1 FROM information_schema.SCHEMATA_EXTENSIONS WHERE SCHEMA_NAME = ? AND OPTIONS LIKE '%READ ONLY=1%'`,
    [database],
  );
  return rows.length > 0;
}

/** Lets a database be written to again, where the server itself kept it from that. */
export async function allowWrites(admin: Session, source: Place, users: readonly string[]): Promise<void> {
  if (!(await isReadOnly(admin, source.database))) return;
  const statement = async (): Promise<string> => readOnlyStatement(source.database, 0);
  await unlogged(admin, () => runPatiently(admin, statement, { admin, source, users }));
}

/**
 * Takes the fence away, also one that a dead process left; never that of another holder. Sessions that began under
 * the fence keep the rights they had then, so they are ended; pools connect anew and can write. Looks once more at
 * the end: a builder that came late may have put back a part of what was taken away.
 */
export async function unfence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, signal }: { readonly holder: string; readonly signal: AbortSignal },
): Promise<void> {
  const { rights, events, users } = parseUndo(undo);
  const { database, server } = source;
  const names = fenceNames(database, holder);
  const locks = [names.holdLock, names.buildLock];
  await withAdmin(server, signal, async (admin) => {
    await endHolders(admin, source, locks);
    if ((await readFenceMark(admin, database)) !== names.holder) return;
    do {
      await allowWrites(admin, source, users);
      await changeRights(admin, rights.map(grantStatement));
      await alterEvents(admin, { database, names: events }, "ENABLE");
      await endSessions(admin, source, users);
    } while ((await endHolders(admin, source, locks)) > 0);
    await removeFenceMark(admin, database);
  });
}
