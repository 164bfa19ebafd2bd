import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { endClients } from "./clients.ts";
import { isMark } from "./marks.ts";
import { asAdmin, withSession } from "./session.ts";
import { keepUsers, readUsers, setUser } from "./users.ts";

/**
 * Closes a server that an add-on has left: nobody but Godwit's administrator may log in, and who is connected is
 * ended. Where the application is that administrator, the fence that stands is all there can be.
 */
export async function close({ server }: DatabaseAccess, signal: AbortSignal): Promise<void> {
  const admin = asAdmin(server).username;
  await withSession(asAdmin(server), { name: "godwit close", signal }, async (client) => {
    for (const { name, isOn } of await readUsers(client))
      if (isOn && name !== admin && !isMark(name)) await setUser(client, name, ["off"]);
    await endClients(client, ({ user }) => user !== admin);
    await keepUsers(client);
  });
}
