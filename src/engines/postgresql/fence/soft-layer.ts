import type pg from "pg";
import { sqlState } from "../errors.ts";
import { settingLiteral, settingName } from "../settings.ts";
import { quoteName } from "../sql.ts";
import { FENCE_SETTINGS } from "./fence-settings.ts";
import type { FenceLevel } from "./plan-fence.ts";

const UNDEFINED_OBJECT = "42704";

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

/** Makes new sessions read-only, whoever opens them. */
export async function setSoftLayer(
  admin: pg.Client,
  database: string,
  levels: readonly FenceLevel[],
): Promise<void> {
  await admin.query("BEGIN READ WRITE");
  for (const { role } of levels) {
    for (const [name, value] of Object.entries(FENCE_SETTINGS)) {
      await alter(admin, database, role, `SET ${settingName(name)} = ${settingLiteral(name, value)}`);
    }
  }
  await admin.query("COMMIT");
}

/** Puts the settings back as they were, each by itself so that a dropped role keeps none of the others. */
export async function resetSoftLayer(
  admin: pg.Client,
  database: string,
  levels: readonly FenceLevel[],
): Promise<void> {
  for (const { role, previous } of levels) {
    for (const [name, value] of Object.entries(previous)) {
      const clause =
        value === null
          ? `RESET ${settingName(name)}`
          : `SET ${settingName(name)} = ${settingLiteral(name, value)}`;
      await alter(admin, database, role, clause);
    }
  }
}
