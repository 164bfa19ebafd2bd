import type { Redis } from "ioredis";

/** What could take the fence away again, or move data without being a write. */
const KEYS_TO_THE_FENCE = [
  "acl",
  "config|set",
  "replicaof",
  "slaveof",
  "failover",
  "debug",
  "module",
] as const;

type CommandInfo = readonly [
  name: string,
  arity: number,
  flags: readonly string[],
  first: number,
  last: number,
  step: number,
  categories: readonly string[],
];

/** Commands that write and are not in the category of those that do, such as VADD of Redis 8. */
async function readStrayWrites(client: Redis): Promise<string[]> {
  const all = (await client.call("COMMAND")) as CommandInfo[];
  return all
    .filter(([, , flags, , , , categories]) => flags.includes("write") && !categories.includes("@write"))
    .map(([name]) => name);
}

/** Rules that take every way of writing from a user; an administrator keeps what takes the fence away. */
export async function withoutWrites(client: Redis, isAdmin: boolean): Promise<string[]> {
  const strays = (await readStrayWrites(client)).map((name) => `-${name}`);
  const keys = isAdmin ? [] : KEYS_TO_THE_FENCE.map((name) => `-${name}`);
  return ["clearselectors", "-@write", ...strays, ...keys];
}
