import type { Redis } from "ioredis";

/** Names that hurt: bytes that are no text, line ends, quotes, what looks like a command, and nothing at all. */
const HOSTILE: readonly (string | Buffer)[] = [
  "",
  " ",
  "a b\r\nSET x y\r\n",
  `"'\\$`,
  "naïve 🐦 ключ",
  Buffer.from([0, 255, 10, 13, 0, 128]),
  "{tag}:1",
  "k".repeat(3_000),
];

const DAY_MS = 86_400_000;
const BINARY = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));

async function knows(client: Redis, command: string): Promise<boolean> {
  return Array.isArray(((await client.call("COMMAND", "INFO", command)) as unknown[])[0]);
}

/** One of each type, encoding and state that a key can be in, in three databases. */
export async function fill(client: Redis): Promise<void> {
  await client.select(0);
  for (const name of HOSTILE) await client.set(name, BINARY);
  await client.mset("string:empty", "", "string:int", "-42", "string:long", "x".repeat(100_000));
  await client.setbit("string:bits", 4_000, 1);
  await client.set("expires", "soon", "PXAT", Date.now() + DAY_MS);
  for (let id = 1; id <= 50; id += 1) {
    await client.hset(`sessions:${id}`, { name: `né ${id}`, data: BINARY.toString("base64") });
    await client.pexpire(`sessions:${id}`, DAY_MS * id);
  }
  await fillCollections(client);
  await fillStreams(client);
  if (await knows(client, "HPEXPIRE")) {
    await client.hset("hash:fields", { stays: "1", goes: "2", "goes too": "3" });
    await client.call("HPEXPIREAT", "hash:fields", Date.now() + DAY_MS, "FIELDS", 2, "goes", "goes too");
  }
  await client.select(3);
  await client.mset(
    Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`three:${index}`, `v${index}`])),
  );
  await client.select(15);
  await client.set("last", "database");
  await client.select(0);
}

async function fillCollections(client: Redis): Promise<void> {
  await client.rpush("list:small", "a", "", BINARY, "a");
  await client.rpush("list:large", ...Array.from({ length: 5_000 }, (_, index) => `item ${index}`));
  await client.sadd("set:ints", 1, 2, 3, -7);
  await client.sadd("set:small", "a", BINARY, "é");
  await client.sadd("set:large", ...Array.from({ length: 3_000 }, (_, index) => `member ${index}`));
  await client.hset("hash:small", { f: "v", "": "", é: "🐦" });
  await client.hset(
    "hash:large",
    Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`f${i}`, `v${i}`])),
  );
  await client.zadd(
    "zset:small",
    0.1,
    "a",
    "-inf",
    "b",
    "+inf",
    "c",
    1e300,
    "d",
    0.30000000000000004,
    "e",
    3,
    "é",
  );
  await client.zadd(
    "zset:large",
    ...Array.from({ length: 3_000 }, (_, index) => [index / 7, `m${index}`]).flat(),
  );
  await client.geoadd("geo", 13.361389, 38.115556, "Palermo");
  await client.pfadd("hll:sparse", "a", "b", "c");
  await client.pfadd("hll:dense", ...Array.from({ length: 20_000 }, (_, index) => `e${index}`));
}

async function fillStreams(client: Redis): Promise<void> {
  for (let id = 1; id <= 300; id += 1) await client.xadd("stream", `${id}-1`, "n", id, "é", "\0");
  await client.xdel("stream", "300-1", "7-1");
  await client.xgroup("CREATE", "stream", "readers", "0");
  await client.xgroup("CREATE", "stream", "idle\nones", "$");
  await client.xgroup("CREATECONSUMER", "stream", "readers", "never reads");
  await client.xreadgroup("GROUP", "readers", "Ada", "COUNT", 20, "STREAMS", "stream", ">");
  await client.xreadgroup("GROUP", "readers", "Émile", "COUNT", 5, "STREAMS", "stream", ">");
  await client.xack("stream", "readers", "1-1", "2-1");
  await client.xclaim("stream", "readers", "Émile", 0, "3-1");
  await client.xgroup("CREATE", "stream:empty", "waiting", "0", "MKSTREAM");
  await client.xadd("stream:emptied", "5-5", "f", "v");
  await client.xdel("stream:emptied", "5-5");
}

const BIG = 4_500;
const KILOBYTE = "x".repeat(1_000);

/** Takes seconds to copy: many keys, and one of each type that is moved in pieces. */
export async function fillLarge(client: Redis): Promise<void> {
  await client.select(3);
  for (let from = 0; from < 60_000; from += 5_000) {
    const part = Array.from({ length: 5_000 }, (_, index) => [
      `many:${from + index}`,
      `${from + index} ${KILOBYTE.slice(0, 150)}`,
    ]);
    await client.mset(Object.fromEntries(part));
  }
  await client.select(0);
  for (let from = 0; from < BIG; from += 500) {
    const part = Array.from({ length: 500 }, (_, index) => `${from + index}:${KILOBYTE}`);
    await client.append("big:string", part.join(""));
    await client.rpush("big:list", ...part);
    await client.sadd("big:set", ...part);
    await client.hset("big:hash", Object.fromEntries(part.map((value) => [value.slice(0, 40), value])));
    await client.zadd("big:zset", ...part.flatMap((value, index) => [(from + index) / 3, value]));
    const pipeline = client.pipeline();
    for (const [index, value] of part.entries())
      pipeline.xadd("big:stream", `${from + index + 1}-0`, "f", value);
    await pipeline.exec();
  }
  await client.xgroup("CREATE", "big:stream", "g", "0");
  await client.xreadgroup("GROUP", "g", "c", "COUNT", 1_200, "STREAMS", "big:stream", ">");
  await client.pexpireat("big:hash", Date.now() + DAY_MS);
}
