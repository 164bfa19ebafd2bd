import type { Redis } from "ioredis";
import { LIST_PIECE, readFieldTimes } from "../copy/pieces.ts";
import { scanMembers } from "../copy/scan.ts";
import { READ_STREAM_STATE, run } from "../copy/scripts.ts";
import { type Entry, readEntries } from "../copy/stream-pieces.ts";
import { hasExpired } from "./expiry.ts";
import { mismatch } from "./mismatch.ts";
import type { Comparison } from "./verify.ts";

const STRING_PIECE = 1024 * 1024;

/** Whether a key of a type is equal on both sides. */
type PieceComparison = (comparison: Comparison, key: Buffer) => Promise<boolean>;

const COMPARISONS: Readonly<Record<string, PieceComparison>> = {
  string: (comparison, key) => compareWindows(comparison, key, { command: "GETRANGE", step: STRING_PIECE }),
  list: (comparison, key) => compareWindows(comparison, key, { command: "LRANGE", step: LIST_PIECE }),
  set: compareSet,
  zset: compareSortedSet,
  hash: compareHash,
  stream: compareStream,
};

/** Compares a large key piece by piece. Members are asked for one side's scan on the other, and counted on both. */
export async function comparePieces(comparison: Comparison, key: Buffer): Promise<void> {
  const { source, target } = comparison.sides;
  const [type, otherType] = await Promise.all([source.type(key), target.type(key)]);
  const [expires, otherExpires] = await Promise.all(
    [source, target].map(async (side) => Number(await side.call("PEXPIRETIME", key))),
  );
  if (expires !== otherExpires || type !== otherType) {
    if (hasExpired(Math.max(expires ?? 0, otherExpires ?? 0))) return;
    throw mismatch(
      comparison.database,
      "a large key is of another type, missing, or expires at another time",
    );
  }
  const compare = COMPARISONS[type];
  if (type === "none") return;
  if (compare === undefined || !(await compare(comparison, key)))
    throw mismatch(comparison.database, `a large ${type} holds something else`);
}

async function compareWindows(
  { sides: { source, target } }: Comparison,
  key: Buffer,
  { command, step }: { readonly command: "GETRANGE" | "LRANGE"; readonly step: number },
): Promise<boolean> {
  for (let at = 0; ; at += step) {
    const window = [key, at, at + step - 1] as const;
    const [one, other] = (await Promise.all(
      [source, target].map((side) => side.callBuffer(command, ...window)),
    )) as [Buffer | Buffer[], Buffer | Buffer[]];
    if (!isSame(one, other)) return false;
    if (one.length < step) return true;
  }
}

function isSame(one: Buffer | Buffer[], other: Buffer | Buffer[]): boolean {
  if (!Array.isArray(one)) return !Array.isArray(other) && one.equals(other);
  if (!Array.isArray(other) || one.length !== other.length) return false;
  return one.every((each, index) => other[index]?.equals(each));
}

function isSamePage(one: readonly Entry[], other: readonly Entry[]): boolean {
  return (
    one.length === other.length &&
    one.every(([id, values], index) => {
      const [otherId, otherValues] = other[index] ?? [];
      return otherId?.equals(id) && isSame(values ?? [], otherValues ?? []);
    })
  );
}

async function compareSet({ sides: { source, target } }: Comparison, key: Buffer): Promise<boolean> {
  for await (const members of scanMembers(source, "SSCAN", key)) {
    const there = (await target.call("SMISMEMBER", key, ...members)) as number[];
    if (!there.every((each) => each === 1)) return false;
  }
  return haveSameCount([source, target], "SCARD", key);
}

async function compareSortedSet({ sides: { source, target } }: Comparison, key: Buffer): Promise<boolean> {
  for await (const pairs of scanMembers(source, "ZSCAN", key)) {
    const members = pairs.filter((_, index) => index % 2 === 0);
    const scores = (await target.call("ZMSCORE", key, ...members)) as (string | null)[];
    const isEqual = members.every((_, index) => scoreOf(pairs[index * 2 + 1]) === scoreOf(scores[index]));
    if (!isEqual) return false;
  }
  return haveSameCount([source, target], "ZCARD", key);
}

function scoreOf(score: Buffer | string | null | undefined): number | null {
  if (score === null || score === undefined) return null;
  const text = score.toString();
  return /inf/i.test(text) ? Number(`${text.startsWith("-") ? "-" : ""}Infinity`) : Number(text);
}

/** Fields that expire in the meantime make the counts differ; then each side's fields are looked for on the other. */
async function compareHash(comparison: Comparison, key: Buffer): Promise<boolean> {
  const { source, target } = comparison.sides;
  if (!(await holdsFields(comparison, { key, from: source, to: target }))) return false;
  if (await haveSameCount([source, target], "HLEN", key)) return true;
  return holdsFields(comparison, { key, from: target, to: source });
}

async function holdsFields(
  { expiringFields }: Comparison,
  { key, from, to }: { readonly key: Buffer; readonly from: Redis; readonly to: Redis },
): Promise<boolean> {
  for await (const pairs of scanMembers(from, "HSCAN", key)) {
    const fields = pairs.filter((_, index) => index % 2 === 0);
    const values = (await to.callBuffer("HMGET", key, ...fields)) as (Buffer | null)[];
    const [times, others] = expiringFields
      ? await Promise.all([readFieldTimes(from, key, fields), readFieldTimes(to, key, fields)])
      : [[], []];
    for (const [index] of fields.entries()) {
      const isEqual =
        values[index]?.equals(pairs[index * 2 + 1] ?? Buffer.of()) && times[index] === others[index];
      if (!isEqual && !hasExpired(times[index] ?? 0)) return false;
    }
  }
  return true;
}

async function compareStream({ sides: { source, target } }: Comparison, key: Buffer): Promise<boolean> {
  const theirs = readEntries(target, key);
  for await (const page of readEntries(source, key)) {
    const other = (await theirs.next()).value;
    if (!isSamePage(page, other ?? [])) return false;
  }
  if (!(await theirs.next()).done) return false;
  const states = await Promise.all([source, target].map((side) => run(side, READ_STREAM_STATE, [key], [])));
  return String(states[0]) === String(states[1]);
}

async function haveSameCount(sides: readonly Redis[], command: string, key: Buffer): Promise<boolean> {
  const [one, other] = await Promise.all(sides.map((side) => side.call(command, key)));
  return one === other;
}
