import { BSON, type Document } from "mongodb";
import { GodwitError } from "../../core/failure.ts";
import type { DatabasePair, EngineCall, FenceHold } from "../../core/ports/engine.ts";
import type { Proof } from "../../core/proof.ts";
import { capabilities } from "./capabilities.ts";
import { type Collection, isView, readCollections, written } from "./collections.ts";
import { type Sides, withSides } from "./session.ts";

interface Comparing {
  readonly pair: DatabasePair;
  readonly sides: Sides;
  readonly call: EngineCall;
  readonly sum: { rows: number; bytes: number; expired: number };
}

/** Compares all definitions, and every byte of every document, in the order of `_id`. */
export function verify(pair: DatabasePair, hold: FenceHold, call: EngineCall): Promise<Proof> {
  const startedAt = performance.now();
  return withSides(pair, { name: "godwit verify", signal: call.signal }, async (sides) => {
    await hold.assertAlive();
    const [all, copies] = await Promise.all([
      readCollections(sides.source, pair.source.database),
      readCollections(sides.target, pair.target.database),
    ]);
    compareDefinitions(all, copies);
    const sum = { rows: 0, bytes: 0, expired: 0 };
    const collections = all.filter((each) => !isView(each));
    for (const each of collections) await compareDocuments({ pair, sides, call, sum }, each);
    await hold.assertAlive();
    return {
      units: capabilities.units,
      tables: collections.length,
      rows: sum.rows,
      bytes: sum.bytes,
      hashedTables: collections.length,
      sequences: 0,
      objects: all.reduce((count, { indexes }) => count + 1 + indexes.length, 0),
      milliseconds: performance.now() - startedAt,
      notVerified: sum.expired > 0 ? ["Documents that expired meanwhile were on one side alone."] : [],
    };
  });
}

function compareDefinitions(all: readonly Collection[], copies: readonly Collection[]): void {
  const left = new Map(copies.map((each) => [each.name, each]));
  for (const each of all) {
    const copy = left.get(each.name);
    if (copy === undefined) throw mismatch(each.name, "it is missing");
    if (written(copy) !== written(each)) throw mismatch(each.name, "its options or indexes differ");
    left.delete(each.name);
  }
  for (const name of left.keys()) throw mismatch(name, "it is on the new server alone");
}

/** Both sides step by step; a document that has expired may be gone on one of them. */
async function compareDocuments(comparing: Comparing, collection: Collection): Promise<void> {
  const { pair, sides, call, sum } = comparing;
  const read = (side: "source" | "target") => readRaw(sides[side].db(pair[side].database), collection.name);
  const [source, target] = [read("source"), read("target")];
  const expiry = expiryOf(collection);
  let [mine, theirs] = [await source.next(), await target.next()];
  while (!mine.done || !theirs.done) {
    if (!mine.done && !theirs.done && Buffer.compare(mine.value, theirs.value) === 0) {
      sum.rows += 1;
      sum.bytes += mine.value.length;
      if (sum.rows % 10_000 === 0)
        call.report({ label: `comparing ${collection.name}`, doneRows: sum.rows, item: "document" });
      [mine, theirs] = await Promise.all([source.next(), target.next()]);
    } else if (!mine.done && hasExpired(mine.value, expiry)) {
      sum.expired += 1;
      mine = await source.next();
    } else if (!theirs.done && hasExpired(theirs.value, expiry)) {
      sum.expired += 1;
      theirs = await target.next();
    } else throw mismatch(collection.name, "its documents differ");
  }
}

async function* readRaw(
  database: ReturnType<Sides["source"]["db"]>,
  name: string,
): AsyncGenerator<Uint8Array, undefined> {
  const cursor = database
    .collection(name)
    .find({}, { raw: true, sort: { _id: 1 }, hint: { _id: 1 }, batchSize: 2_000 });
  for await (const document of cursor as AsyncIterable<unknown>) yield document as Uint8Array;
}

interface Expiry {
  readonly path: readonly string[];
  readonly seconds: number;
}

/** Fields by which documents expire. */
export function expiryOf({ indexes }: Collection): readonly Expiry[] {
  return indexes
    .filter((index) => index["expireAfterSeconds"] !== undefined)
    .map((index) => ({
      path: (Object.keys(index["key"] as Document)[0] ?? "").split("."),
      seconds: Number(index["expireAfterSeconds"]),
    }));
}

function hasExpired(bytes: Uint8Array, expiry: readonly Expiry[]): boolean {
  if (expiry.length === 0) return false;
  const document: unknown = BSON.deserialize(bytes);
  return expiry.some(({ path, seconds }) => {
    const value = path.reduce<unknown>((at, name) => (at as Document | undefined)?.[name], document);
    const dates = [value].flat().filter((each) => each instanceof Date);
    return dates.some((date) => date.getTime() + seconds * 1000 <= Date.now());
  });
}

function mismatch(collection: string, what: string): GodwitError {
  return new GodwitError({
    code: "verification-mismatch",
    class: "permanent",
    summary: `The copy of ${collection} is not equal to the old one: ${what}.`,
    remedy: "Nothing was switched. Try again; if it differs again, ask support to compare both databases.",
  });
}
