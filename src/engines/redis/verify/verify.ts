import type { DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { Proof } from "../../../core/proof.ts";
import { capabilities } from "../capabilities.ts";
import { BIG_BYTES, isReadable } from "../copy/copy-data.ts";
import { readLibraries } from "../copy/functions.ts";
import { inLanes } from "../copy/lanes.ts";
import { scanKeys } from "../copy/scan.ts";
import { HASH_DUMPS, READ_CONTENT, run } from "../copy/scripts.ts";
import { knowExpiringFields, type Sides, selectBoth, withSides } from "../copy/sides.ts";
import { Tally } from "../copy/tally.ts";
import { numberIn, readDatabases, readInfo } from "../info.ts";
import { comparePieces } from "./compare-pieces.ts";
import { hasExpired, type Seen } from "./expiry.ts";
import { mismatch } from "./mismatch.ts";

const NAME = "godwit verify";
const LANES = 4;
/** A key whose fields or that itself expires just now is looked at again. */
const LOOKS = 4;
const PAUSE_MS = 250;

/** What a comparison works with. */
export interface Comparison {
  readonly sides: Sides;
  readonly database: number;
  /** Whether equal dumps mean equal keys: both sides write them in formats that the target knows. */
  readonly byDump: boolean;
  readonly expiringFields: boolean;
  readonly tally: Tally;
  readonly call: EngineCall;
}

/**
 * Compares both servers under the fence, and throws (`verification-mismatch`) at the first difference: every key of
 * the source by type, content and the time at which it expires, and every key of the target by its being there.
 */
export function verify(
  pair: DatabasePair,
  hold: FenceHold,
  { call }: { readonly call: EngineCall },
): Promise<Proof> {
  const startedAt = performance.now();
  return withSides(pair, { name: NAME, signal: call.signal }, async (sides) => {
    await hold.assertAlive();
    const databases = await readDatabases(sides.source);
    const tally = new Tally(call, numberIn(await readInfo(sides.source, "memory"), "used_memory_dataset"));
    const byDump = await isReadable(sides, databases.keys());
    const facts = { sides, byDump, expiringFields: await knowExpiringFields(sides), tally, call };
    await compareStrayDatabases(sides, databases);
    for (const database of databases.keys()) await compareDatabase({ ...facts, database });
    const objects = await compareLibraries(sides);
    await hold.assertAlive();
    const rows = [...(await readDatabases(sides.target)).values()].reduce((sum, keys) => sum + keys, 0);
    return {
      units: capabilities.units,
      tables: databases.size,
      rows,
      bytes: tally.bytes,
      hashedTables: databases.size,
      sequences: 0,
      objects,
      milliseconds: performance.now() - startedAt,
      notVerified: [],
    };
  });
}

/** A database that has keys on the target alone. */
async function compareStrayDatabases(sides: Sides, databases: ReadonlyMap<number, number>): Promise<void> {
  for (const database of (await readDatabases(sides.target)).keys()) {
    if (databases.has(database)) continue;
    await selectBoth(sides, database);
    await compareStrays(sides, database);
  }
}

async function compareDatabase(comparison: Comparison): Promise<void> {
  const { sides, database, tally } = comparison;
  await selectBoth(sides, database);
  tally.label = `comparing database ${database}`;
  await inLanes(scanKeys(sides.source), LANES, (keys) => compareKeys(comparison, keys));
  await compareStrays(sides, database);
}

/** Keys that are on the target and not on the source. */
async function compareStrays({ source, target }: Sides, database: number): Promise<void> {
  await inLanes(scanKeys(target), LANES, async (keys) => {
    const there = Number(await source.call("EXISTS", ...keys));
    if (there === keys.length) return;
    for (const key of keys) {
      if (Number(await source.call("EXISTS", key)) === 1) continue;
      const expires = Number(await target.call("PEXPIRETIME", key));
      if (!hasExpired(expires) && expires !== -2)
        throw mismatch(database, "a key is on the new server alone");
    }
  });
}

/** Compares by dumps, and what differs there by what it holds: servers order sets and hashes as they like. */
async function compareKeys(comparison: Comparison, keys: readonly Buffer[]): Promise<void> {
  const { sides, byDump, tally } = comparison;
  const [one, other] = await Promise.all([hashDumps(sides.source, keys), hashDumps(sides.target, keys)]);
  const suspects: Buffer[] = [];
  for (const [index, key] of keys.entries()) {
    const [mine, theirs] = [one[index], other[index]];
    if (mine === undefined || theirs === undefined) continue;
    if (mine.hash === "big" || theirs.hash === "big") await comparePieces(comparison, key);
    else if (!byDump || mine.hash !== theirs.hash || mine.expires !== theirs.expires) suspects.push(key);
    tally.add(1, mine.bytes);
  }
  await compareContent(comparison, suspects);
}

async function hashDumps(client: Sides["source"], keys: readonly Buffer[]): Promise<Seen[]> {
  const answer = (await run(client, HASH_DUMPS, keys, [BIG_BYTES])) as unknown[];
  return keys.map((_, index) => {
    const [hash, expires, bytes] = answer.slice(index * 3, index * 3 + 3);
    const shown = hash === 1 ? "big" : hash instanceof Buffer ? hash.toString() : null;
    return { hash: shown, expires: Number(expires), bytes: Number(bytes) };
  });
}

/** What differs may be about to expire: a difference counts when it stays. */
async function compareContent(comparison: Comparison, keys: readonly Buffer[]): Promise<void> {
  let left = keys;
  for (let look = 1; left.length > 0; look += 1) {
    left = await differing(comparison, left);
    if (left.length === 0) return;
    if (look === LOOKS) throw mismatch(comparison.database, `${left.length} of its keys hold something else`);
    await comparison.call.clock.sleep(PAUSE_MS, comparison.call.signal);
  }
}

async function differing({ sides, expiringFields }: Comparison, keys: readonly Buffer[]): Promise<Buffer[]> {
  const read = async (client: Sides["source"]) => {
    const content = (await run(client, READ_CONTENT, keys, [expiringFields ? "1" : "0"])) as Buffer[];
    const expires = await Promise.all(keys.map((key) => client.call("PEXPIRETIME", key)));
    return keys.map((_, index) => ({ content: String(content[index]), expires: Number(expires[index]) }));
  };
  const [one, other] = await Promise.all([read(sides.source), read(sides.target)]);
  return keys.filter((_, index) => {
    const [mine, theirs] = [one[index], other[index]];
    if (mine === undefined || theirs === undefined) return true;
    if (mine.expires === -2 || theirs.expires === -2)
      return !hasExpired(Math.max(mine.expires, theirs.expires)) && mine.expires !== theirs.expires;
    return mine.content !== theirs.content || mine.expires !== theirs.expires;
  });
}

async function compareLibraries({ source, target }: Sides): Promise<number> {
  const [one, other] = await Promise.all([readLibraries(source), readLibraries(target)]);
  if (JSON.stringify(one) !== JSON.stringify(other)) throw mismatch(null, "its functions differ");
  return one.length;
}
