import type { Redis } from "ioredis";
import { GodwitError } from "../../../core/failure.ts";
import type { KeyCopy } from "./copy-data.ts";
import { scanMembers } from "./scan.ts";
import { sizeOf } from "./size-of.ts";
import { copyStream } from "./stream-pieces.ts";

const STRING_PIECE = 1024 * 1024;
/** Elements of a list in one piece. */
export const LIST_PIECE = 1_000;

/** Writes one key of a type to the target, piece by piece; resolves with its bytes. */
type PieceCopy = (copy: KeyCopy, key: Buffer) => Promise<number>;

const COPIES: Readonly<Record<string, PieceCopy>> = {
  string: copyString,
  list: copyList,
  set: (copy, key) => copyMembers(copy, key, { scan: "SSCAN", write: "SADD", order: (members) => members }),
  zset: (copy, key) => copyMembers(copy, key, { scan: "ZSCAN", write: "ZADD", order: swapPairs }),
  hash: copyHash,
  stream: copyStream,
};

/**
 * Copies a key by what it holds instead of its dump: when the target does not take the source's dumps, and when the
 * key is so large that its dump would keep both servers busy. Resolves with its bytes; 0 when it has expired.
 */
export async function copyInPieces(copy: KeyCopy, key: Buffer): Promise<number> {
  const { source, target } = copy.sides;
  const [type, expires] = await Promise.all([source.type(key), source.call("PEXPIRETIME", key)]);
  if (type === "none") return 0;
  const copyPieces = COPIES[type];
  if (copyPieces === undefined) throw unknownType(type);
  await target.call("DEL", key);
  const bytes = await copyPieces(copy, key);
  if (Number(expires) > 0) await target.call("PEXPIREAT", key, String(expires));
  return bytes;
}

/** An empty string is a key too. */
async function copyString({ sides: { source, target } }: KeyCopy, key: Buffer): Promise<number> {
  for (let at = 0; ; at += STRING_PIECE) {
    const piece = (await source.callBuffer("GETRANGE", key, at, at + STRING_PIECE - 1)) as Buffer;
    if (at === 0) await target.call("SET", key, piece);
    else if (piece.length > 0) await target.call("APPEND", key, piece);
    if (piece.length < STRING_PIECE) return at + piece.length;
  }
}

async function copyList({ sides: { source, target } }: KeyCopy, key: Buffer): Promise<number> {
  let bytes = 0;
  for (let at = 0; ; at += LIST_PIECE) {
    const piece = (await source.callBuffer("LRANGE", key, at, at + LIST_PIECE - 1)) as Buffer[];
    if (piece.length > 0) await target.call("RPUSH", key, ...piece);
    bytes += sizeOf(piece);
    if (piece.length < LIST_PIECE) return bytes;
  }
}

async function copyMembers(
  { sides: { source, target } }: KeyCopy,
  key: Buffer,
  way: {
    readonly scan: "SSCAN" | "ZSCAN" | "HSCAN";
    readonly write: "SADD" | "ZADD" | "HSET";
    readonly order: (members: Buffer[]) => Buffer[];
  },
): Promise<number> {
  let bytes = 0;
  for await (const members of scanMembers(source, way.scan, key)) {
    await target.call(way.write, key, ...way.order(members));
    bytes += sizeOf(members);
  }
  return bytes;
}

/** Fields that expire are told with their time, where both sides know such. */
async function copyHash(copy: KeyCopy, key: Buffer): Promise<number> {
  const { source, target } = copy.sides;
  const order = (members: Buffer[]): Buffer[] => members;
  const bytes = await copyMembers(copy, key, { scan: "HSCAN", write: "HSET", order });
  if (!copy.expiringFields) return bytes;
  for await (const members of scanMembers(source, "HSCAN", key)) {
    const fields = members.filter((_, index) => index % 2 === 0);
    const times = await readFieldTimes(source, key, fields);
    for (const [index, field] of fields.entries())
      if ((times[index] ?? 0) > 0)
        await target.call("HPEXPIREAT", key, String(times[index]), "FIELDS", 1, field);
  }
  return bytes;
}

/** When fields of a hash expire, in milliseconds since 1970; below 0 for those that do not. */
export async function readFieldTimes(
  client: Redis,
  key: Buffer,
  fields: readonly Buffer[],
): Promise<number[]> {
  const times = await client.call("HPEXPIRETIME", key, "FIELDS", fields.length, ...fields);
  return (times as number[] | null) ?? [];
}

/** ZSCAN answers member, score; ZADD takes score, member. */
function swapPairs(members: Buffer[]): Buffer[] {
  return members.flatMap((member, index) =>
    index % 2 === 0 ? [members[index + 1] ?? Buffer.from("0"), member] : [],
  );
}

function unknownType(type: string): GodwitError {
  return new GodwitError({
    code: "type-unknown",
    summary: `The server holds keys of the type ${type}, which the new server does not take.`,
    remedy: "Pick a version of the same product, or take those keys away.",
  });
}
