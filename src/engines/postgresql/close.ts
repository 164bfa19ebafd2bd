import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { guestName, readGuests } from "./entrance.ts";
import { FENCE_SETTINGS } from "./fence/fence-settings.ts";
import { asAdmin, withSession } from "./session.ts";
import { settingLiteral, settingName } from "./settings.ts";
import { quoteName } from "./sql.ts";

/**
 * Closes a database that an add-on has left: nobody but administrators may connect, and what is connected
 * is ended. It stays read-only for administrators who do not say otherwise.
 */
export async function close(source: DatabaseAccess, signal: AbortSignal): Promise<void> {
  const name = quoteName(source.database);
  await withSession(asAdmin(source.server), { name: "godwit close", signal }, async (admin) => {
    const { rowCount } = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [source.database]);
    if (rowCount === 0) return;
    for (const [setting, value] of Object.entries(FENCE_SETTINGS)) {
      await admin.query(
        `ALTER DATABASE ${name} SET ${settingName(setting)} = ${settingLiteral(setting, value)}`,
      );
    }
    const guests = await readGuests(admin, source.database);
    if (guests.length > 0)
      await admin.query(`REVOKE CONNECT ON DATABASE ${name} FROM ${guests.map(guestName).join(", ")}`);
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'
         AND NOT (usename = current_user AND application_name LIKE 'godwit%')`,
      [source.database],
    );
  });
}
