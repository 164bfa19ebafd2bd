import type { Redis } from "ioredis";

/** Keys that one call of a script takes. */
const CHUNK = 250;
const PAGE = 1_000;

/**
 * Every key of the selected database, in chunks. A key that is there all the time comes at least once, and may come
 * more than once. Source: Redis documentation, "SCAN", guarantees.
 */
export async function* scanKeys(client: Redis): AsyncGenerator<readonly Buffer[]> {
  let cursor: Buffer | string = "0";
  let rest: Buffer[] = [];
  do {
    const [next, keys] = (await client.callBuffer("SCAN", cursor, "COUNT", PAGE)) as [Buffer, Buffer[]];
    cursor = next;
    rest.push(...keys);
    while (rest.length >= CHUNK) {
      yield rest.slice(0, CHUNK);
      rest = rest.slice(CHUNK);
    }
  } while (cursor.toString() !== "0");
  if (rest.length > 0) yield rest;
}

/** Pages of a hash, a set or a sorted set: members, each followed by its value or score where it has one. */
export async function* scanMembers(
  client: Redis,
  command: "HSCAN" | "SSCAN" | "ZSCAN",
  key: Buffer,
): AsyncGenerator<Buffer[]> {
  let cursor: Buffer | string = "0";
  do {
    const [next, members] = (await client.callBuffer(command, key, cursor, "COUNT", PAGE)) as [
      Buffer,
      Buffer[],
    ];
    cursor = next;
    if (members.length > 0) yield members;
  } while (cursor.toString() !== "0");
}
