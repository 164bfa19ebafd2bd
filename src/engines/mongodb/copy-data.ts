import type { MongoClient } from "mongodb";
import { GodwitError } from "../../core/failure.ts";
import type {
  CopyJournal,
  CopyReport,
  DatabasePair,
  EngineCall,
  FenceHold,
} from "../../core/ports/engine.ts";
import { DEFAULT_JOBS, inParallel } from "../in-parallel.ts";
import { type Collection, isView, readCollections } from "./collections.ts";
import { isOurs } from "./provision.ts";
import { insertRaw } from "./raw-insert.ts";
import { type Sides, withSides } from "./session.ts";

/** A message may have 48 MB and 100,000 documents (MongoDB's limits); a document 16 MB. */
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_DOCUMENTS = 5_000;

interface Copying {
  readonly pair: DatabasePair;
  readonly sides: Sides;
  readonly call: EngineCall;
  readonly sum: { rows: number; bytes: number; readonly total: number };
}

/**
 * Drops what the new database holds, and copies each collection, its documents as bytes and its indexes after them, then
 * the views. An interrupted copy begins anew.
 */
export function copyData(
  pair: DatabasePair,
  hold: FenceHold,
  { call, journal }: { readonly call: EngineCall; readonly journal: CopyJournal | undefined },
): Promise<CopyReport> {
  const startedAt = performance.now();
  journal?.clear();
  return withSides(pair, { name: "godwit copy", signal: call.signal }, async (sides) => {
    await hold.assertAlive();
    await empty(sides.target, pair);
    const all = await readCollections(sides.source, pair.source.database);
    const { dataSize } = await sides.source.db(pair.source.database).command({ dbStats: 1 });
    const sum = { rows: 0, bytes: 0, total: Number(dataSize) };
    const waiting = all.filter((each) => !isView(each));
    const tables = waiting.length;
    await inParallel(DEFAULT_JOBS, call.signal, async (signal) => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        await copyCollection({ pair, sides, call: { ...call, signal }, sum }, next);
    });
    for (const view of all.filter(isView)) await create(sides.target, pair.target.database, view);
    await hold.assertAlive();
    return { tables, rows: sum.rows, bytes: sum.bytes, milliseconds: performance.now() - startedAt };
  });
}

/** Only a database that was made for this add-on is emptied. */
async function empty(client: MongoClient, { target }: DatabasePair): Promise<void> {
  if (await isOurs(client, target))
    return void (await client.db(target.database).command({ dropDatabase: 1 }));
  throw new GodwitError({
    code: "target-unmarked",
    summary: `The new database ${target.database} no longer has the user that was made for it, so it is not emptied.`,
    remedy: "Start the migration again.",
  });
}

async function create(client: MongoClient, database: string, { name, options }: Collection): Promise<void> {
  await client.db(database).command({ create: name, ...options });
}

async function copyCollection(copying: Copying, collection: Collection): Promise<void> {
  const { pair, sides, call } = copying;
  const target = sides.target.db(pair.target.database);
  call.report({ label: `copying ${collection.name}`, doneRows: copying.sum.rows, item: "document" });
  await create(sides.target, pair.target.database, collection);
  await copyDocuments(copying, collection);
  call.signal.throwIfAborted();
  call.report({ label: `indexing ${collection.name}`, doneRows: copying.sum.rows, item: "document" });
  if (collection.indexes.length > 0)
    await target.command({ createIndexes: collection.name, indexes: [...collection.indexes] });
}

/** Reads on while what was read is being written. */
async function copyDocuments(copying: Copying, { name }: Collection): Promise<void> {
  const { pair, sides, call, sum } = copying;
  const target = sides.target.db(pair.target.database);
  const cursor = sides.source
    .db(pair.source.database)
    .collection(name)
    .find({}, { raw: true, batchSize: BATCH_DOCUMENTS, sort: { $natural: 1 } });
  let [batch, bytes, writing]: [Uint8Array[], number, Promise<void>] = [[], 0, Promise.resolve()];
  const flush = async (): Promise<void> => {
    await writing;
    call.signal.throwIfAborted();
    sum.rows += batch.length;
    sum.bytes += bytes;
    if (batch.length > 0) writing = insertRaw(target, name, batch);
    writing.catch(() => undefined);
    call.report({
      label: `copying ${name}`,
      doneBytes: sum.bytes,
      totalBytes: Math.max(sum.total, sum.bytes),
      doneRows: sum.rows,
      item: "document",
    });
    [batch, bytes] = [[], 0];
  };
  for await (const document of cursor as AsyncIterable<unknown>) {
    batch.push(document as Uint8Array);
    bytes += (document as Uint8Array).length;
    if (bytes >= BATCH_BYTES || batch.length >= BATCH_DOCUMENTS) await flush();
  }
  await flush();
  await writing;
}
