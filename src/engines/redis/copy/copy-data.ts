import { GodwitError } from "../../../core/failure.ts";
import type {
  CopyJournal,
  CopyReport,
  DatabasePair,
  EngineCall,
  FenceHold,
} from "../../../core/ports/engine.ts";
import { numberIn, readDatabases, readInfo } from "../info.ts";
import { readMarks } from "../marks.ts";
import { spoken } from "../session.ts";
import { copyLibraries } from "./functions.ts";
import { inLanes } from "./lanes.ts";
import { readFormat, takesFormat } from "./payload.ts";
import { copyInPieces } from "./pieces.ts";
import { scanKeys } from "./scan.ts";
import { READ_DUMPS, run, WRITE_DUMPS } from "./scripts.ts";
import { knowExpiringFields, type Sides, selectBoth, withSides } from "./sides.ts";
import { Tally } from "./tally.ts";

const NAME = "godwit copy";
/** Scripts that are on their way at once; each answers with some hundred kilobytes at most. */
const LANES = 4;
/** Keys of one lane that are written anew by type at once; each has a piece of a megabyte on its way at most. */
const KEYS_AT_ONCE = 16;
const MOST_BYTES = 512 * 1024;
/** A dump of this size keeps its server busy for some milliseconds; larger keys are moved in pieces. */
export const BIG_BYTES = 4 * 1024 * 1024;

/** What copying a database's keys works with. */
export interface KeyCopy {
  readonly sides: Sides;
  readonly tally: Tally;
  /** Whether the target takes the source's dumps. */
  readonly byDump: boolean;
  readonly expiringFields: boolean;
}

/**
 * Empties the target and copies every key of every database, and the functions, under the fence. There are no parts
 * that an interrupted copy could go on from: it is as fast anew.
 */
export function copyData(
  pair: DatabasePair,
  hold: FenceHold,
  { call, journal }: { readonly call: EngineCall; readonly journal: CopyJournal | undefined },
): Promise<CopyReport> {
  const startedAt = performance.now();
  journal?.clear();
  return withSides(pair, { name: NAME, signal: call.signal }, async (sides) => {
    await hold.assertAlive();
    await empty(pair, sides);
    const databases = await readDatabases(sides.source);
    const totalBytes = numberIn(await readInfo(sides.source, "memory"), "used_memory_dataset");
    const tally = new Tally(call, totalBytes);
    const copy: KeyCopy = {
      sides,
      tally,
      byDump: await isReadable(sides, databases.keys()),
      expiringFields: await knowExpiringFields(sides),
    };
    for (const database of databases.keys()) await copyDatabase(copy, database);
    await copyLibraries(sides.source, sides.target);
    await hold.assertAlive();
    const rows = [...(await readDatabases(sides.target)).values()].reduce((sum, keys) => sum + keys, 0);
    return { tables: databases.size, rows, bytes: tally.bytes, milliseconds: performance.now() - startedAt };
  });
}

/** Whether the target takes dumps of the source; of one without keys there are none. */
export async function isReadable({ source, target }: Sides, databases: Iterable<number>): Promise<boolean> {
  const format = await readFormat(source, databases);
  return format === null || takesFormat(target, format);
}

/** Only a server that bears this add-on's mark is emptied. */
async function empty({ target }: DatabasePair, sides: Sides): Promise<void> {
  const marks = await readMarks(sides.target, "addon");
  if (marks.includes(spoken(target.database))) return void (await sides.target.call("FLUSHALL", "SYNC"));
  throw new GodwitError({
    code: "target-unmarked",
    summary: "The new server no longer bears the mark that Godwit has left on it, so it is not emptied.",
    remedy: "Start the migration again; a server that restarts without having kept its users forgets it.",
  });
}

async function copyDatabase(copy: KeyCopy, database: number): Promise<void> {
  const { sides, tally, byDump } = copy;
  await selectBoth(sides, database);
  tally.label = `copying database ${database}`;
  await inLanes(scanKeys(sides.source), LANES, (keys) =>
    byDump ? copyDumps(copy, keys) : copyEach(copy, keys),
  );
}

/** One key after the other would wait for an answer to each command: some hundred keys a second. */
function copyEach(copy: KeyCopy, keys: readonly Buffer[]): Promise<void> {
  return inLanes(keys, KEYS_AT_ONCE, async (key) => copy.tally.add(1, await copyInPieces(copy, key)));
}

/** Copies keys as the servers dump them. A script answers for as many as its share of bytes holds. */
async function copyDumps(copy: KeyCopy, keys: readonly Buffer[]): Promise<void> {
  let rest = keys;
  while (rest.length > 0) {
    const answer = (await run(copy.sides.source, READ_DUMPS, rest, [MOST_BYTES, BIG_BYTES])) as unknown[];
    const taken = rest.slice(0, answer.length / 3);
    rest = rest.slice(taken.length);
    await writeDumps(copy, taken, answer);
  }
}

async function writeDumps(copy: KeyCopy, keys: readonly Buffer[], answer: readonly unknown[]): Promise<void> {
  const [whole, args]: [Buffer[], (Buffer | string)[]] = [[], []];
  let bytes = 0;
  for (const [index, key] of keys.entries()) {
    const [dump, expires, size] = answer.slice(index * 3, index * 3 + 3);
    if (dump === 1) copy.tally.add(1, await copyInPieces(copy, key));
    if (!(dump instanceof Buffer)) continue;
    whole.push(key);
    args.push(dump, String(Math.max(Number(expires), 0)));
    bytes += Number(size);
  }
  if (whole.length > 0) await run(copy.sides.target, WRITE_DUMPS, whole, args);
  copy.tally.add(whole.length, bytes);
}
