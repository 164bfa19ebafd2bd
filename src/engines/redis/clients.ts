import type { Redis } from "ioredis";
import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { asAdmin, withSession } from "./session.ts";

/** A session on the server. */
export interface Client {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly ageSeconds: number;
}

/** Every ordinary session on the server. */
export async function readClients(client: Redis): Promise<Client[]> {
  const text = (await client.call("CLIENT", "LIST", "TYPE", "NORMAL")) as string;
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const field = (name: string) => new RegExp(`(?:^| )${name}=(\\S*)`).exec(line)?.[1] ?? "";
      return { id: field("id"), name: field("name"), user: field("user"), ageSeconds: Number(field("age")) };
    });
}

/** Ends sessions; those that have ended already are none. */
export async function endClients(client: Redis, isMeant: (each: Client) => boolean): Promise<void> {
  for (const each of (await readClients(client)).filter(isMeant))
    await client.call("CLIENT", "KILL", "ID", each.id).catch(() => undefined);
}

/** Start of the oldest session that the application has; null when it has none. */
export function connectedSince(
  { server, username }: DatabaseAccess,
  signal: AbortSignal,
): Promise<Date | null> {
  return withSession(asAdmin(server), { name: "godwit look", signal }, async (client) => {
    const own = (await readClients(client)).filter(
      ({ user, name }) => user === username && !name.startsWith("godwit"),
    );
    if (own.length === 0) return null;
    return new Date(Date.now() - Math.max(...own.map(({ ageSeconds }) => ageSeconds)) * 1000);
  });
}
