import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { Redis } from "ioredis";
import type { RedisVersion } from "../../scripts/tools/ensure-redis-versions.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { shopFiles } from "./shop/files.ts";
import { type Shop, startShop } from "./start-shop.ts";

/** Servers of the sample fleet for sessions: the first one is the add-on, the others are free. */
export interface Sessions {
  readonly servers: readonly (RedisServer & { readonly id: string })[];
  /** The application's user on the first server. */
  readonly user: string;
  readonly password: string;
  /** Writes a session each time. */
  readonly keeper: Shop;
  stop(): Promise<void>;
}

/** What to start. */
export interface SessionsOptions {
  /** Of the application; its owner removes it. */
  readonly folder: string;
  readonly versions?: readonly RedisVersion[];
  /** Sessions that are there at the start; default 2,000. */
  readonly keys?: number;
}

const USER = "sessions";

/** Starts the servers, fills the first one, and starts an application that writes to it all the time. */
export async function startSessions({
  folder,
  versions = ["redis-7", "redis-8", "valkey-9"],
  keys = 2_000,
}: SessionsOptions): Promise<Sessions> {
  const servers = await Promise.all(
    versions.map(async (version) => Object.assign(await startRedis({ version }), { id: version })),
  );
  const stopServers = async (): Promise<void> => void (await Promise.all(servers.map((each) => each.stop())));
  try {
    const [home] = servers;
    if (home === undefined) throw new Error("sessions need a server");
    const password = randomBytes(12).toString("hex");
    await fill(home, password, keys);
    await writeEnv(folder, home, password);
    const keeper = await startShop({ folder });
    const stop = async (): Promise<void> => {
      await keeper.stop();
      await stopServers();
    };
    return { servers, user: USER, password, keeper, stop };
  } catch (error) {
    await stopServers();
    throw error;
  }
}

async function fill({ adminUrl }: RedisServer, password: string, keys: number): Promise<void> {
  const client = new Redis(adminUrl);
  try {
    await client.call("ACL", "SETUSER", USER, "on", `>${password}`, "~*", "&*", "+@all", "-@admin");
    const pipeline = client.pipeline();
    for (let id = 1; id <= keys; id += 1) {
      pipeline.hset(`customer:${id}`, {
        name: `Customer ${id}`,
        country: "FR",
        basket: JSON.stringify([id, id + 1]),
      });
      pipeline.expire(`customer:${id}`, 86_400);
    }
    pipeline.zadd("visits", ...Array.from({ length: keys }, (_, id) => [id, `customer:${id}`]).flat());
    await pipeline.exec();
  } finally {
    client.disconnect();
  }
}

async function writeEnv(folder: string, { port }: RedisServer, password: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const values = {
    REDIS_HOST: "127.0.0.1",
    REDIS_PORT: port,
    REDIS_USER: USER,
    REDIS_PASSWORD: password,
    REDIS_URL: `redis://${USER}:${password}@127.0.0.1:${port}`,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  await writeFile(shopFiles(folder).env, ["# Read by the keeper when it starts", ...lines, ""].join("\n"), {
    mode: 0o600,
  });
}
