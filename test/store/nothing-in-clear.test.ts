import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { startMigration } from "../journeys/ask-for-migration.ts";
import { PAIRS, type Stage, withStage } from "../journeys/stage.ts";
import { redisUrl } from "../support/shared-servers.ts";
import { aKeyText } from "./a-keyring.ts";
import { dump } from "./open-secrets.ts";
import { watchChildren } from "./watch-children.ts";

describe.each(PAIRS)("a whole migration asked for in %s, queue on %s", (platform, backend) => {
  it("leaves no password, token or key in any table of Godwit's database, in the queue or with a program it starts", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const key = aKeyText();
      const godwit = await stage.startGodwit({ environment: { GODWIT_SECRET_KEY: key } });
      const watch = watchChildren(godwit.pid);
      const thread = await startMigration(stage.chat);
      await thread.waitFor(/orders is migrated/, { timeoutMs: 90_000 });

      const children = watch.end();
      if (children) expect(children.join("\n")).toMatch(/pg_dump[^]*restart-shop/);
      const { id } = await stage.migration();
      const tables = await dump(stage.pool);
      const queue = backend === "Redis" ? await dumpRedis() : linesOf(tables, "bullmq.");
      expect(linesOf(tables, "godwit.secrets")).toMatch(/v1:default:.*v1:default:/);
      for (const text of [tables, queue]) expect(text).toContain(id);

      const secrets = [key, ...(await secretsOf(stage))];
      expect(secrets.length).toBeGreaterThan(6);
      const seen = [...tables.split("\n"), queue, thread.text(), ...(children ?? [])];
      expect(seen.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
    });
  }, 240_000);
});

/** Everything that Godwit was told or has made up, and that nobody else may read. */
async function secretsOf({ fleet, orders, shop, chats, pool }: Stage): Promise<string[]> {
  const application = parseEnv(await readFile(join(shop.folder, "shop.env"), "utf8"));
  const made = application["POSTGRESQL_ADDON_PASSWORD"] ?? "";
  expect(made).not.toBe(orders.password);
  const tokens = chats
    .flatMap((chat) => Object.entries(chat.environment()))
    .filter(([name]) => /TOKEN|SECRET/.test(name))
    .map(([, token]) => token);
  const administrators = ([15, 18] as const).map((major) => new URL(fleet.server(major).url).password);
  const own = new URL(pool.options.connectionString ?? "").password;
  return [made, orders.password, own, ...administrators, ...tokens].map((text) => {
    if (text === undefined || text.length < 8) throw new Error("a secret is too short to be looked for");
    return text;
  });
}

/** The lines of tables whose name begins so. */
function linesOf(tables: string, prefix: string): string {
  return tables
    .split("\n")
    .filter((line) => line.startsWith(prefix))
    .join("\n");
}

/** Every key of the shared Redis with what it holds. */
async function dumpRedis(): Promise<string> {
  const redis = new Redis(await redisUrl());
  try {
    const lines: string[] = [];
    for (const key of await redis.keys("*"))
      lines.push(`${key} ${JSON.stringify(await valueOf(redis, key))}`);
    return lines.join("\n");
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const read: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, "0", "-1"),
    stream: () => redis.xrange(key, "-", "+"),
    none: async () => null, // It has gone since.
  };
  const type = await redis.type(key);
  const reader = read[type];
  if (!reader) throw new Error(`Redis holds a ${type}, which is not looked into`);
  return reader();
}
