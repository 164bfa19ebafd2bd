import type { MongoClient } from "mongodb";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, DatabaseFacts, ServerAccess, ServerFacts } from "../../core/ports/engine.ts";
import { asAdmin, withSession } from "./session.ts";
import { usersOf } from "./users.ts";

const NAME = "godwit look";

/** The version of a client's server; people choose by its series, such as `8.0`. */
export async function readVersion(client: MongoClient): Promise<ServerFacts> {
  const { version } = await client.db("admin").command({ buildInfo: 1 });
  return { version: String(version).split(".").slice(0, 2).join("."), fullVersion: String(version) };
}

export function serverFacts(server: ServerAccess, signal: AbortSignal): Promise<ServerFacts> {
  return withSession(asAdmin(server), { name: NAME, signal }, readVersion);
}

/** What a database is made of; counts are the server's estimates. */
export function inspect(source: DatabaseAccess, signal: AbortSignal): Promise<DatabaseFacts> {
  return withSession(asAdmin(source.server), { name: NAME, signal }, async (client) => {
    const stats = await client.db(source.database).command({ dbStats: 1 });
    const users = await usersOf(client, source.server, source.database);
    if (Number(stats["collections"]) === 0 && users.length === 0) throw missing(source.database);
    return {
      ...(await readVersion(client)),
      usedBytes: Number(stats["storageSize"]) + Number(stats["indexSize"]),
      tables: Number(stats["collections"]),
      rows: Number(stats["objects"]),
      extensions: [],
      otherUsers: users.map(({ user }) => user).filter((user) => user !== source.username),
    };
  });
}

/** When a session of the application was seen; the server does not tell since when one is there. */
export function connectedSince(access: DatabaseAccess, signal: AbortSignal): Promise<Date | null> {
  return withSession(asAdmin(access.server), { name: NAME, signal }, async (client) => {
    const sessions = client
      .db("admin")
      .aggregate([
        { $currentOp: { allUsers: true, idleConnections: true } },
        { $match: { effectiveUsers: { $elemMatch: { user: access.username, db: access.database } } } },
      ]);
    for await (const { appName } of sessions) if (!String(appName).startsWith("godwit")) return new Date();
    return null;
  });
}

function missing(database: string): GodwitError {
  return new GodwitError({
    code: "database-missing",
    summary: `The server holds no database ${database}, and no user of it.`,
    remedy: "Check the name of the database in godwit.yaml.",
  });
}
