import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { withAdmin } from "./session.ts";

/**
 * Since when, at the latest, the application has had a session in the database; null when it has none. The servers
 * keep no moment of connecting, only how long a session has been doing what it does.
 */
export function connectedSince(access: DatabaseAccess, signal: AbortSignal): Promise<Date | null> {
  return withAdmin(access.server, signal, async (admin) => {
    const [row] = await admin.rows<{ seconds: number | null }>(
      `SELECT MAX(TIME) AS seconds FROM ${admin.flavour.sessions} WHERE DB = ? AND USER = ?`,
      [access.database, access.username],
    );
    return row?.seconds == null ? null : new Date(Date.now() - row.seconds * 1000);
  });
}
