import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { JsonObject } from "../../../core/step.ts";
import { asAdmin, closeSession, withSession } from "../session.ts";
import { alreadyFenced, isMarkOf, readFenceMark } from "./fence-mark.ts";
import { fenceLost, takeHardLayer } from "./hard-layer.ts";
import { type FenceNames, fenceNames } from "./names.ts";
import { type FenceLevel, type FenceUndo, parseUndo } from "./plan-fence.ts";
import { resetSoftLayer, setSoftLayer } from "./soft-layer.ts";
import { terminateNamed, terminateSessions } from "./terminate-sessions.ts";
import { hasUnnotedRights, restoreWriteRights, takeWriteRights, type WriteRights } from "./write-rights.ts";

const HEARTBEAT_MS = 10_000;

/** What stood before a fence was built, by the hold that it returned. */
const before = new WeakMap<FenceHold, FenceUndo>();

/** Rights that stood before the fence was built, where the fence has taken any. */
export function rightsBefore(hold: FenceHold): WriteRights | null {
  return before.get(hold)?.rights ?? null;
}

/** Settings that the fence has replaced, as they were. */
export function settingsBefore(hold: FenceHold): readonly FenceLevel[] {
  return before.get(hold)?.levels ?? [];
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

interface Built {
  readonly database: string;
  readonly holder: string;
  readonly rights: WriteRights | null;
}

/**
 * Looks once more, now that nobody can make a table or grant a right: whether every right was noted and
 * taken, and whether nobody has lifted this fence while it was being built.
 */
async function proveComplete(admin: pg.Client, session: pg.Client, built: Built): Promise<void> {
  try {
    if (built.rights && (await hasUnnotedRights(admin))) throw changedMeanwhile(built.database);
    if (!isMarkOf(await readFenceMark(admin, built.database), built.holder)) throw fenceLost(built.database);
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

/** A fence that somebody else has built since the plan: its notes are not ours, so it is left alone. */
async function refuseOthers(admin: pg.Client, database: string, holder: string): Promise<void> {
  const mark = await readFenceMark(admin, database);
  if (mark === null || isMarkOf(mark, holder)) return;
  throw alreadyFenced(database, mark);
}

/**
 * Builds both layers: new sessions read-only, old sessions ended, then the rights to write taken away and
 * the catalogs locked so that nobody gives them back. May be called again after a crash with the same
 * `undo`, which it never changes. The session that builds bears the holder's name too, so that `unfence`
 * can end a builder that is late.
 */
export async function fence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, call }: { readonly holder: string; readonly call: EngineCall },
): Promise<FenceHold> {
  const plan = parseUndo(undo);
  const { levels, rights } = plan;
  const { database, server } = source;
  const names = fenceNames(holder);
  const login = asAdmin(server, database);
  return withSession(login, { name: names.builder, signal: call.signal }, async (admin) => {
    call.report({ label: "closing the database to writers" });
    await refuseOthers(admin, database, names.holder);
    await terminateNamed(admin, database, Object.values(names));
    await setSoftLayer(admin, database, { holder: names.holder, levels });
    const since = call.clock.now();
    await terminateSessions(admin, database);
    if (rights) await takeWriteRights(admin, rights);
    const layer = { holder: names.holder, locksTables: rights === null, call };
    const session = await takeHardLayer(source, admin, layer);
    await proveComplete(admin, session, { database, holder: names.holder, rights });
    const hold = watch(session, database, since);
    before.set(hold, plan);
    return hold;
  });
}

/** Ends what holds or still builds the fence, and tells whether anything did. */
async function endFence(admin: pg.Client, database: string, names: FenceNames): Promise<boolean> {
  return (await terminateNamed(admin, database, Object.values(names))) > 0;
}

/**
 * Takes both layers away, also those that a dead process left; never those of another holder. Sessions
 * that began under the fence would stay read-only for as long as they live, so they are ended; pools
 * connect anew and can write. Looks once more at the end: a builder that came late may have put back a
 * part of what was taken away.
 */
export async function unfence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, signal }: { readonly holder: string; readonly signal: AbortSignal },
): Promise<void> {
  const { levels, rights } = parseUndo(undo);
  const { database, server } = source;
  const names = fenceNames(holder);
  await withSession(asAdmin(server, database), { name: "godwit unfence", signal }, async (admin) => {
    await endFence(admin, database, names);
    const mark = await readFenceMark(admin, database);
    if (!isMarkOf(mark, names.holder)) return;
    do {
      if (rights) await restoreWriteRights(admin, rights);
      await resetSoftLayer(admin, database, levels);
    } while (await endFence(admin, database, names));
  });
}
