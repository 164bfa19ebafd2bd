import type { Redis } from "ioredis";

const POLYNOMIAL = 0xad93d23594c935a9n;
const ALL_ONES = 0xffffffffffffffffn;

function reversed(value: bigint, bits: number): bigint {
  let out = 0n;
  for (let bit = 0; bit < bits; bit += 1)
    if ((value >> BigInt(bit)) & 1n) out |= 1n << BigInt(bits - 1 - bit);
  return out;
}

/** CRC-64 as dumps end with it (Jones, reflected, starts at 0). Source: Redis's crc64.c. */
export function crc64(bytes: Buffer): bigint {
  const polynomial = reversed(POLYNOMIAL, 64);
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  }
  return crc & ALL_ONES;
}

/** The version of the format in which a dump is written: the two bytes before its checksum. */
export function formatOf(dump: Buffer): number {
  return dump.readUInt16LE(dump.length - 10);
}

/** The format of a server's dumps; null when it holds no key that could be asked. */
export async function readFormat(source: Redis, databases: Iterable<number>): Promise<number | null> {
  for (const database of databases) {
    await source.call("SELECT", database);
    const key = (await source.callBuffer("RANDOMKEY")) as Buffer | null;
    const dump = key === null ? null : ((await source.callBuffer("DUMP", key)) as Buffer | null);
    if (dump !== null) return formatOf(dump);
  }
  return null;
}

/**
 * Whether a server takes dumps of a format. It is asked with one whose type does not exist: it looks at the version
 * first, and at the rest only when it knows that. Nothing is written either way.
 */
export async function takesFormat(target: Redis, format: number): Promise<boolean> {
  const body = Buffer.from([0xff, format & 0xff, format >> 8]);
  const checksum = Buffer.alloc(8);
  checksum.writeBigUInt64LE(crc64(body));
  const answer = await target
    .call("RESTORE", "godwit:probe", 0, Buffer.concat([body, checksum]))
    .catch(String);
  return !/payload version or checksum/i.test(String(answer));
}
