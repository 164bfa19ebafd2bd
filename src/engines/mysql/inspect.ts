import type { DatabaseAccess, DatabaseFacts, ServerAccess, ServerFacts } from "../../core/ports/engine.ts";
import { splitVersion } from "./flavour.ts";
import { readObstacles } from "./live/obstacles.ts";
import { readRights } from "./rights.ts";
import { asAdmin, type Session, withAdmin } from "./session.ts";

/** The version of a session's server. */
export function versionOf({ flavour, versionText }: Session): ServerFacts {
  const { series, full } = splitVersion(versionText);
  const prefix = flavour.product === "MySQL" ? "" : `${flavour.product} `;
  return { version: `${prefix}${series}`, fullVersion: `${prefix}${full}` };
}

/** Version of a server. */
export function serverFacts(server: ServerAccess, signal: AbortSignal): Promise<ServerFacts> {
  return withAdmin(server, signal, async (admin) => versionOf(admin));
}

/** Throws the server's own error when there is no such database. */
export async function requireDatabase(admin: Session, database: string): Promise<void> {
  const rows = await admin.rows("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [
    database,
  ]);
  if (rows.length > 0) return;
  throw Object.assign(new Error("the database does not exist"), { errno: 1049 });
}

/** Users, besides the application's and the administrator's, that hold rights on the database. */
export async function readOtherUsers(
  admin: Session,
  { server, database, username }: DatabaseAccess,
): Promise<string[]> {
  const users = (await readRights(admin, database))
    .filter(({ host }) => host !== null)
    .map(({ user }) => user);
  return [...new Set(users)].filter((user) => user !== username && user !== asAdmin(server).user).sort();
}

/** What a database is made of; row counts are the catalog's estimates. */
export function inspect(source: DatabaseAccess, signal: AbortSignal): Promise<DatabaseFacts> {
  return withAdmin(source.server, signal, async (admin) => {
    await requireDatabase(admin, source.database);
    const [size] = await admin.rows<{ usedBytes: string; tables: number; estimated: string }>(
      `SELECT COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) AS usedBytes, COUNT(*) AS tables,
         COALESCE(SUM(TABLE_ROWS), 0) AS estimated
       FROM information_schema.TABLES
       WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
      [source.database],
    );
    return {
      ...versionOf(admin),
      usedBytes: Number(size?.usedBytes ?? 0),
      tables: size?.tables ?? 0,
      rows: Number(size?.estimated ?? 0),
      extensions: [],
      liveObstacles: await readObstacles(admin, source.database),
      otherUsers: await readOtherUsers(admin, source),
    };
  });
}
