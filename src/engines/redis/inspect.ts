import type { Redis } from "ioredis";
import type { DatabaseAccess, DatabaseFacts, ServerAccess, ServerFacts } from "../../core/ports/engine.ts";
import { numberIn, readDatabases, readInfo } from "./info.ts";
import { readLiveObstacles } from "./live/obstacles.ts";
import { isMark } from "./marks.ts";
import { asAdmin, withSession } from "./session.ts";
import { readUsers } from "./users.ts";
import { readVersion } from "./versions.ts";

const NAME = "godwit look";

/** What a server says of itself. */
export function serverFacts(server: ServerAccess, signal: AbortSignal): Promise<ServerFacts> {
  return withSession(asAdmin(server), { name: NAME, signal }, async (client) =>
    readVersion(await readInfo(client, "server")),
  );
}

/** What is known of the server that is an add-on. */
export function inspect(source: DatabaseAccess, signal: AbortSignal): Promise<DatabaseFacts> {
  return withSession(asAdmin(source.server), { name: NAME, signal }, async (client) => {
    const info = await readInfo(client, "server", "memory", "replication", "cluster");
    const databases = await readDatabases(client);
    const rows = [...databases.values()].reduce((sum, keys) => sum + keys, 0);
    return {
      ...readVersion(info),
      usedBytes: numberIn(info, "used_memory_dataset"),
      tables: databases.size,
      rows,
      extensions: await readModules(client),
      otherUsers: await readOtherUsers(client, source),
      liveObstacles: readLiveObstacles(info),
    };
  });
}

/** Names of the modules that are loaded. */
export async function readModules(client: Redis): Promise<string[]> {
  const modules = (await client.call("MODULE", "LIST").catch(() => [])) as unknown[][];
  return modules.map((module) => String(module[module.indexOf("name") + 1])).sort();
}

/** Users besides the application's and the administrator that may log in. */
async function readOtherUsers(client: Redis, source: DatabaseAccess): Promise<string[]> {
  const own = new Set([source.username, asAdmin(source.server).username]);
  const users = await readUsers(client);
  return users.filter(({ name, isOn }) => isOn && !own.has(name) && !isMark(name)).map(({ name }) => name);
}
