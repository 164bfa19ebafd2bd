import type { Redis } from "ioredis";
import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { endClients } from "./clients.ts";
import { restoreSettings } from "./fence/write-settings.ts";
import { readMarks, removeMark } from "./marks.ts";
import { asAdmin, isAdministrator, spoken, withSession } from "./session.ts";
import { deleteUser, findUser, keepUsers, setUser } from "./users.ts";

type Place = Omit<DatabaseAccess, "password">;

/**
 * Empties a server and takes its application's user away, so that the server is free. A server that is another
 * add-on by now is left alone.
 */
export async function drop(place: Place, signal: AbortSignal): Promise<void> {
  await withSession(asAdmin(place.server), { name: "godwit drop", signal }, async (client) => {
    if (!(await isOurs(client, place))) return;
    if (!isAdministrator(place)) await removeUser(client, place.username);
    await restoreSettings(client);
    await client.call("FLUSHALL", "ASYNC");
    await client.call("FUNCTION", "FLUSH");
    await removeMark(client, "addon", place.database);
    for (const holder of await readMarks(client, "fence")) await removeMark(client, "fence", holder);
    await keepUsers(client);
  });
}

/** A server that was adopted bears no mark; it is known by the user that it still has. */
async function isOurs(client: Redis, place: Place): Promise<boolean> {
  const marks = await readMarks(client, "addon");
  if (marks.length > 0) return marks.includes(spoken(place.database));
  if (isAdministrator(place)) return true;
  const user = await findUser(client, place.username);
  return user !== undefined && (user.hasPassword || user.isOn);
}

async function removeUser(client: Redis, name: string): Promise<void> {
  if (name === "default") await setUser(client, name, ["off", "resetpass"]);
  else await deleteUser(client, name);
  await endClients(client, ({ user }) => user === name);
}
