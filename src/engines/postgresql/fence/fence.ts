import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { JsonObject } from "../../../core/step.ts";
import { asAdmin, closeSession, withSession } from "../session.ts";
import { fenceLost, takeHardLayer } from "./hard-layer.ts";
import { parseUndo } from "./plan-fence.ts";
import { isFenced, resetSoftLayer, setSoftLayer } from "./soft-layer.ts";
import { terminateNamed, terminateSessions } from "./terminate-sessions.ts";
import { hasUnnotedRights, restoreWriteRights, takeWriteRights, type WriteRights } from "./write-rights.ts";

const NAME = "godwit fence";
const HEARTBEAT_MS = 10_000;

/** The name a holder's session goes by; PostgreSQL keeps 63 bytes. */
function sessionName(holder: string): string {
  return holder.startsWith("godwit") ? holder : `godwit ${holder}`;
}

/** Rights that a fence has taken, by the hold that it returned. */
const takenRights = new WeakMap<FenceHold, WriteRights>();

/** Rights that stood before the fence was built, where the fence has taken any. */
export function rightsBefore(hold: FenceHold): WriteRights | null {
  return takenRights.get(hold) ?? null;
}

function watch(session: pg.Client, database: string, since: Date): FenceHold {
  let alive = true;
  const lose = (): void => {
    alive = false;
    clearInterval(heartbeat);
  };
  const beat = async (): Promise<void> => {
    try {
      await session.query("SELECT 1");
    } catch {
      lose();
    }
  };
  const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS).unref();
  session.once("end", lose);
  session.once("error", lose);
  return {
    since,
    isAlive: () => alive,
    async assertAlive() {
      if (alive) await beat();
      if (!alive) throw fenceLost(database);
    },
    async release() {
      lose();
      await closeSession(session);
    },
  };
}

interface Taken {
  readonly database: string;
  readonly rights: WriteRights | null;
}

/** Looks, once nobody can make a table or grant a right any more, whether every right was noted and taken. */
async function proveComplete(admin: pg.Client, session: pg.Client, taken: Taken): Promise<void> {
  try {
    if (taken.rights && (await hasUnnotedRights(admin))) throw changedMeanwhile(taken.database);
  } catch (error) {
    await closeSession(session);
    throw error;
  }
}

function changedMeanwhile(database: string): GodwitError {
  return new GodwitError({
    code: "schema-changed",
    summary: `Somebody made a table in ${database}, or granted rights to one, just as it was being fenced.`,
    remedy: "Try again when no deployment is changing tables.",
  });
}

/**
 * Builds both layers: new sessions read-only, old sessions ended, then the rights to write taken away and
 * the catalogs locked so that nobody gives them back. May be called again after a crash with the same
 * `undo`, which it never changes.
 */
export async function fence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, call }: { readonly holder: string; readonly call: EngineCall },
): Promise<FenceHold> {
  const { levels, rights } = parseUndo(undo);
  const { database, server } = source;
  const name = sessionName(holder);
  const login = asAdmin(server, database);
  return withSession(login, { name: NAME, signal: call.signal }, async (admin) => {
    call.report({ label: "closing the database to writers" });
    await terminateNamed(admin, database, name);
    await setSoftLayer(admin, database, levels);
    const since = call.clock.now();
    await terminateSessions(admin, database);
    if (rights) await takeWriteRights(admin, rights);
    const session = await takeHardLayer(source, admin, { holder: name, locksTables: rights === null, call });
    await proveComplete(admin, session, { database, rights });
    const hold = watch(session, database, since);
    if (rights) takenRights.set(hold, rights);
    return hold;
  });
}

/**
 * Takes both layers away, also those that a dead process left. Sessions that began under the fence would
 * stay read-only for as long as they live, so they are ended; pools connect anew and can write.
 */
export async function unfence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, signal }: { readonly holder: string; readonly signal: AbortSignal },
): Promise<void> {
  const { levels, rights } = parseUndo(undo);
  const { database, server } = source;
  await withSession(asAdmin(server, database), { name: NAME, signal }, async (admin) => {
    await terminateNamed(admin, database, sessionName(holder));
    if (!(await isFenced(admin, database))) return;
    if (rights) await restoreWriteRights(admin, rights);
    await resetSoftLayer(admin, database, levels);
  });
}
