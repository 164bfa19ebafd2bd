import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

const READERS: Readonly<Record<string, (client: Redis, key: Buffer) => Promise<unknown>>> = {
  string: async (client, key) => (await client.getBuffer(key))?.toString("base64"),
  list: async (client, key) => hexes(await client.lrangeBuffer(key, 0, -1)),
  set: async (client, key) => hexes(await client.smembersBuffer(key)).sort(),
  hash: async (client, key) =>
    pairs(hexes((await client.callBuffer("HGETALL", key)) as Buffer[]))
      .map(String)
      .sort(),
  zset: async (client, key) =>
    pairs(((await client.call("ZRANGE", key, 0, -1, "WITHSCORES")) as string[]).map(String)).map(
      ([member, score]) => [member, Number(score)],
    ),
  stream: async (client, key) => [
    await client.xrange(key, "-", "+"),
    await readGroups(client, key),
    withoutTimes((await client.call("XINFO", "STREAM", key)) as unknown[]),
  ],
};

/** Keys that are read at once. */
const BATCH = 200;

/**
 * Every key of every database by type, expiry and content, in a way of its own, so that a mistake in the engine's
 * own comparison shows.
 */
export async function readContent(client: Redis): Promise<unknown> {
  const databases: Record<string, string[]> = {};
  const libraries = ((await client.call("FUNCTION", "LIST", "WITHCODE")) as unknown[][])
    .map((each) => JSON.stringify(each))
    .sort();
  for (let database = 0; database < 16; database += 1) {
    await client.select(database);
    const keys = (await client.keysBuffer("*")).sort((one, other) => one.compare(other));
    const lines: string[] = [];
    for (let from = 0; from < keys.length; from += BATCH)
      lines.push(...(await Promise.all(keys.slice(from, from + BATCH).map((key) => describe(client, key)))));
    databases[database] = lines.length > 2_000 ? [hash(lines.join("\n"))] : lines;
  }
  return { databases, libraries };
}

async function describe(client: Redis, key: Buffer): Promise<string> {
  const type = await client.type(key);
  const content = JSON.stringify(await READERS[type]?.(client, key));
  const shown = content.length > 500 ? hash(content) : content;
  return `${key.toString("hex")} ${type} ${String(await client.call("PEXPIRETIME", key))} ${await fieldTimes(client, key, type)} ${shown}`;
}

async function fieldTimes(client: Redis, key: Buffer, type: string): Promise<string> {
  const isSmall = type === "hash" && (await client.hlen(key)) < 100;
  if (!isSmall) return "";
  const fields = (await client.hkeys(key)).sort();
  const times = await client.call("HPEXPIRETIME", key, "FIELDS", fields.length, ...fields).catch(() => []);
  return JSON.stringify((times as number[]).filter((time) => time > 0));
}

/** Groups and consumers by what they read and have pending, how often delivered; how long ago is no matter. */
async function readGroups(client: Redis, key: Buffer): Promise<unknown> {
  const groups = (await client.call("XINFO", "GROUPS", key)) as unknown[][];
  return Promise.all(
    groups.map(async (group) => {
      const name = String(group[1]);
      const consumers = ((await client.call("XINFO", "CONSUMERS", key, name)) as unknown[][]).map((each) => [
        each[1],
        each[3],
      ]);
      const pending = (await client.xpending(key, name, "-", "+", 10_000)) as unknown[][];
      return [group, consumers, pending.map(([id, consumer, , times]) => [id, consumer, times])];
    }),
  );
}

/** How a server lays a stream out in memory is its own matter. */
function withoutTimes(info: unknown[]): unknown[] {
  return info.filter((_, index) => !/^radix|^idmp|^pel|^iids/.test(String(info[index - (index % 2)])));
}

function pairs(list: readonly string[]): string[][] {
  return list.flatMap((each, index) => (index % 2 === 0 ? [[each, list[index + 1] ?? ""]] : []));
}

function hexes(list: readonly Buffer[]): string[] {
  return list.map((each) => each.toString("hex"));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
