import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { asAdmin, withSession } from "./session.ts";

/** Start of the oldest session that the application's role has in the database; null when it has none. */
export function connectedSince(access: DatabaseAccess, signal: AbortSignal): Promise<Date | null> {
  return withSession(asAdmin(access.server), { name: "godwit look", signal }, async (admin) => {
    const { rows } = await admin.query<{ since: Date | null }>(
      `SELECT min(backend_start) AS since FROM pg_stat_activity
       WHERE datname = $1 AND usename = $2 AND backend_type = 'client backend'
         AND application_name NOT LIKE 'godwit%'`,
      [access.database, access.username],
    );
    return rows[0]?.since ?? null;
  });
}
