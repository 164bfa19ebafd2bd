import type pg from "pg";
import { sqlState } from "../errors.ts";
import { settingLiteral, settingName } from "../settings.ts";
import { quoteName, quoteText } from "../sql.ts";
import { FENCE_MARK, FENCE_SETTINGS } from "./fence-settings.ts";
import type { FenceLevel } from "./plan-fence.ts";
import { terminateSessions } from "./terminate-sessions.ts";

const UNDEFINED_OBJECT = "42704";

/** Changes a setting of a database, or of a role in it; a role that is gone has no settings. */
async function alter(admin: pg.Client, database: string, role: string | null, clause: string): Promise<void> {
  const name = quoteName(database);
  const whom = role === null ? `DATABASE ${name}` : `ROLE ${quoteName(role)} IN DATABASE ${name}`;
  try {
    await admin.query(`ALTER ${whom} ${clause}`);
  } catch (error) {
    const isGone = role !== null && sqlState(error) === UNDEFINED_OBJECT;
    if (!isGone) throw error;
  }
}

/** Makes new sessions read-only, whoever opens them. The mark comes first: what follows has an owner. */
export async function setSoftLayer(
  admin: pg.Client,
  database: string,
  { holder, levels }: { readonly holder: string; readonly levels: readonly FenceLevel[] },
): Promise<void> {
  await alter(admin, database, null, `SET ${settingName(FENCE_MARK)} = ${quoteText(holder)}`);
  for (const { role } of levels) {
    for (const [name, value] of Object.entries(FENCE_SETTINGS)) {
      await alter(admin, database, role, `SET ${settingName(name)} = ${settingLiteral(name, value)}`);
    }
  }
}

async function restoreLevel(admin: pg.Client, database: string, level: FenceLevel): Promise<void> {
  for (const [name, value] of Object.entries(level.previous)) {
    const assignment = `SET ${settingName(name)} = ${settingLiteral(name, value ?? "")}`;
    const clause = value === null ? `RESET ${settingName(name)}` : assignment;
    await alter(admin, database, level.role, clause);
  }
}

/**
 * Puts the settings back as they were, then ends the sessions that began under the fence: they would stay
 * read-only for as long as their pool keeps them. The mark goes last, so that a crash in between is
 * noticed.
 */
export async function resetSoftLayer(
  admin: pg.Client,
  database: string,
  levels: readonly FenceLevel[],
): Promise<void> {
  for (const level of levels) await restoreLevel(admin, database, level);
  await terminateSessions(admin, database);
  await alter(admin, database, null, `RESET ${settingName(FENCE_MARK)}`);
}
