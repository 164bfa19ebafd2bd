import type pg from "pg";
import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { asAdmin, withSession } from "./session.ts";
import { quoteName } from "./sql.ts";

const NAME = "godwit prepare";

/** Setting of a target that stands while it is anything else than complete tables without indexes. */
const MARK = "godwit.copy";
const SET_MARK = `SET ${MARK} = 'built'`;

/** Whether a schema half restored, or indexes of an earlier copy, may stand on the target. */
export async function isBuilt(target: pg.Client): Promise<boolean> {
  const { rows } = await target.query<{ mark: string | null }>("SELECT current_setting($1, true) AS mark", [
    MARK,
  ]);
  return rows[0]?.mark === "built";
}

/** Says that the target is not, or no longer, only tables and rows. */
export function markBuilt(target: DatabaseAccess, signal: AbortSignal): Promise<void> {
  return alterMark(target, SET_MARK, signal);
}

/** As `markBuilt`, on an administrator's session. */
export async function markBuiltBy(admin: pg.Client, { database }: DatabaseAccess): Promise<void> {
  await admin.query(`ALTER DATABASE ${quoteName(database)} ${SET_MARK}`);
}

/** Says that the target is complete: with its tables, or as an application's database. */
export function unmarkBuilt(target: DatabaseAccess, signal: AbortSignal): Promise<void> {
  return alterMark(target, `RESET ${MARK}`, signal);
}

/** Only an administrator may store a setting that no module has defined. */
function alterMark(target: DatabaseAccess, clause: string, signal: AbortSignal): Promise<void> {
  return withSession(asAdmin(target.server), { name: NAME, signal }, async (admin) => {
    await admin.query(`ALTER DATABASE ${quoteName(target.database)} ${clause}`);
  });
}
