import { Redis } from "ioredis";
import type { Connection } from "./connection.ts";

const HOUR_SECONDS = 3_600;

/** What a write's key begins with; its number follows. */
export const SESSION_PREFIX = "session:";

/** Connects to the server that keeps sessions. */
export async function connectSessions(url: string): Promise<Connection> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 3000,
    connectionName: "shop",
  });
  let lost = false;
  client.on("error", () => undefined);
  client.on("end", () => (lost = true));
  await client.connect();
  const info = await client.info("server");
  const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
  const valkey = field("valkey_version");
  const { hostname, port } = new URL(url);
  return {
    target: {
      host: hostname,
      port: Number(port),
      database: "0",
      version: valkey === undefined ? `Redis ${field("redis_version")}` : `Valkey ${valkey}`,
    },
    async save(ref) {
      await client.set(`${SESSION_PREFIX}${ref}`, `of customer ${ref}`, "EX", HOUR_SECONDS);
    },
    isLost: () => lost,
    close: async () => client.disconnect(),
  };
}
