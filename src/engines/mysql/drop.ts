import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { endSessions } from "./fence/end-sessions.ts";
import { allowWrites } from "./fence/fence.ts";
import { removeFenceMark } from "./fence/fence-mark.ts";
import { isAdministrators } from "./provision.ts";
import { readRights, revokeStatement } from "./rights.ts";
import { type Session, withAdmin } from "./session.ts";
import { quoteAccount, quoteName } from "./sql.ts";

/** Accounts of the database's user; none where it is the administrator, or holds rights elsewhere. */
async function accountsToDrop(admin: Session, database: Omit<DatabaseAccess, "password">): Promise<string[]> {
  if (isAdministrators(database)) return [];
  const elsewhere = await admin.rows("SELECT 1 FROM mysql.db WHERE User = ? LIMIT 1", [database.username]);
  if (elsewhere.length > 0) return [];
  const rows = await admin.rows<{ user: string; host: string }>(
    "SELECT User AS user, Host AS host FROM mysql.user WHERE User = ?",
    [database.username],
  );
  return rows.filter(({ host }) => host !== "").map(quoteAccount);
}

/** Rights outlive a database, and would be good for the next one of its name. */
async function revokeAll(admin: Session, database: string): Promise<void> {
  for (const right of await readRights(admin, database)) await admin.run(revokeStatement(right));
}

/** Drops a database and its user where they exist. */
export async function drop(database: Omit<DatabaseAccess, "password">, signal: AbortSignal): Promise<void> {
  await withAdmin(database.server, signal, async (admin) => {
    await allowWrites(admin, database, [database.username]);
    await endSessions(admin, database, [database.username]);
    await admin.run(`DROP DATABASE IF EXISTS ${quoteName(database.database)}`);
    await revokeAll(admin, database.database);
    for (const account of await accountsToDrop(admin, database))
      await admin.run(`DROP USER IF EXISTS ${account}`);
    await removeFenceMark(admin, database.database);
  });
}
