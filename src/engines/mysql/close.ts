import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { endSessions } from "./fence/end-sessions.ts";
import { removeFenceMark } from "./fence/fence-mark.ts";
import { readRights, revokeStatement } from "./rights.ts";
import { withAdmin } from "./session.ts";

/**
 * Closes a database that an add-on has left: nobody holds a right on it but administrators. It bears no fence's mark
 * any more, so that nothing gives the rights back.
 */
export async function close(source: DatabaseAccess, signal: AbortSignal): Promise<void> {
  await withAdmin(source.server, signal, async (admin) => {
    const rights = await readRights(admin, source.database);
    for (const right of rights) await admin.run(revokeStatement(right));
    await endSessions(admin, source, [source.username, ...new Set(rights.map(({ user }) => user))]);
    await removeFenceMark(admin, source.database);
  });
}
