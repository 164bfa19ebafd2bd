import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { spoken } from "../session.ts";
import { deleteUser, setUser } from "../users.ts";

/** What a replica asks of its primary. Source: Redis documentation, "ACL", "ACL rules for Sentinel and Replicas". */
const RIGHTS = ["-@all", "+psync", "+replconf", "+ping"] as const;

/** Name of the user that a replication logs in as: it may do nothing but replicate. */
export function replicationUser(id: string): string {
  return `godwit:live:${spoken(id)}`;
}

/** Makes the user with a new password, which is told as its hash. */
export async function makeReplicationUser(client: Redis, id: string, password: string): Promise<void> {
  const hash = createHash("sha256").update(password).digest("hex");
  const rules = ["reset", "resetkeys", "resetchannels", ...RIGHTS, `#${hash}`, "on"];
  await setUser(client, replicationUser(id), rules);
}

export async function dropReplicationUser(client: Redis, id: string): Promise<void> {
  await deleteUser(client, replicationUser(id));
}
