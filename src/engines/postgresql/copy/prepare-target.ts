import type pg from "pg";
import type { DatabaseAccess, DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { readAdaptedSchema, restorePreData } from "../schema/copy-schema.ts";
import type { Schema } from "../schema/read-schema.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { inChunks, quoteName } from "../sql.ts";
import { readTables, type Table } from "../tables.ts";
import type { PgClient } from "../tools.ts";
import { dropLargeObjects } from "./large-objects.ts";

const NAME = "godwit prepare";

/** Setting of the target's database that stands from the moment its indexes are begun until it is finished. */
const MARK = "godwit.copy";

/** Whether indexes, constraints or triggers of an earlier copy may stand on the target. */
async function isBuilt(target: pg.Client): Promise<boolean> {
  const { rows } = await target.query<{ mark: string | null }>("SELECT current_setting($1, true) AS mark", [
    MARK,
  ]);
  return rows[0]?.mark === "built";
}

/** Says that from now on the target is more than tables and rows. */
export function markBuilt(target: DatabaseAccess, signal: AbortSignal): Promise<void> {
  return alterMark(target, `SET ${MARK} = 'built'`, signal);
}

/** Takes the mark away, when the target is to be an application's. */
export function unmarkBuilt(target: DatabaseAccess, signal: AbortSignal): Promise<void> {
  return alterMark(target, `RESET ${MARK}`, signal);
}

/** Only an administrator may store a setting that no module has defined. */
function alterMark(target: DatabaseAccess, clause: string, signal: AbortSignal): Promise<void> {
  return withSession(asAdmin(target.server), { name: NAME, signal }, async (admin) => {
    await admin.query(`ALTER DATABASE ${quoteName(target.database)} ${clause}`);
  });
}

async function truncateAll(target: pg.Client, tables: readonly Table[]): Promise<void> {
  const filled = tables.filter((table) => table.pages > 0);
  for (const chunk of inChunks(filled, 500)) {
    await target.query(`TRUNCATE ONLY ${chunk.map(({ sql }) => sql).join(", ONLY ")}`);
  }
}

/**
 * Brings the target to where `copySchema` left it: tables without rows, indexes or constraints. Returns
 * the schema's second half, which is read while rows are copied when nothing else needs it sooner.
 */
export async function prepareTarget(
  pair: DatabasePair,
  client: PgClient,
  call: EngineCall,
): Promise<{ readonly schema: Promise<Schema> }> {
  const schema = readAdaptedSchema(pair, client, call);
  schema.catch(() => undefined); // Thrown where it is awaited.
  const isClean = await withSession(
    asOwner(pair.target),
    { name: NAME, signal: call.signal },
    async (target) => {
      if (await isBuilt(target)) return false;
      await truncateAll(target, await readTables(target));
      await dropLargeObjects(target);
      return true;
    },
  );
  if (!isClean) await restorePreData(pair, (await schema).preData, call);
  return { schema };
}
