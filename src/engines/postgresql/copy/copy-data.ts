import type {
  CopyJournal,
  CopyReport,
  DatabasePair,
  EngineCall,
  FenceHold,
} from "../../../core/ports/engine.ts";
import type { Task } from "../../in-parallel.ts";
import { markBuilt } from "../built-mark.ts";
import { readLocale } from "../create-database.ts";
import { copyExtensionData } from "../extension-data/copy-extension-data.ts";
import { forEachWithSession } from "../pool.ts";
import { type SchemaTools, tableIds } from "../schema/copy-schema.ts";
import { copyEventTriggers } from "../schema/event-triggers.ts";
import { copyOuterObjects } from "../schema/outer-objects.ts";
import type { Schema } from "../schema/read-schema.ts";
import { restoreTogether } from "../schema/restore-entries.ts";
import { Schedule, type ScheduledTable } from "../schema/schedule.ts";
import { SchemaMemory } from "../schema/schema-memory.ts";
import { readVersion } from "../server-version.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { inChunks } from "../sql.ts";
import { readTables, type Table } from "../tables.ts";
import { copyLargeObjects } from "./large-objects.ts";
import { moveAll } from "./move-all.ts";
import { planJobs } from "./parts.ts";
import { prepareTarget } from "./prepare-target.ts";
import { readFilledViews, refreshViews } from "./refresh-views.ts";
import { readSequences, type SequenceState, writeSequences } from "./sequences.ts";
import { readSortMemory } from "./sort-memory.ts";
import { type Plan, Work } from "./work.ts";

const NAME = "godwit copy";
const STATISTICS_PER_CHUNK = 100;

/** What a copy needs besides the pair and the fence. */
export interface CopyTools {
  readonly call: EngineCall;
  readonly tools: SchemaTools;
  /** Where the schema may have been remembered; left out: it is dumped. */
  readonly schemas?: SchemaMemory;
  /** Exported snapshot to read the source by, where no fence keeps it still. */
  readonly snapshot?: string;
  /** What an earlier run has finished; left out: nothing. */
  readonly journal?: CopyJournal | undefined;
}

/** What is on the source and must come over; it cannot change under the fence. */
interface Inventory {
  readonly tables: readonly Table[];
  readonly sequences: readonly SequenceState[];
  readonly views: readonly string[];
  readonly encoding: string;
  readonly version: number;
}

function takeInventory({ source }: DatabasePair, signal: AbortSignal): Promise<Inventory> {
  return withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (client) => ({
    tables: await readTables(client),
    sequences: await readSequences(client),
    views: await readFilledViews(client),
    encoding: (await readLocale(client, source.database)).encoding,
    version: await readVersion(client),
  }));
}

/** What is to be built, and on which tables rows are still on their way. */
function planBuilds(schema: Schema, tables: readonly Table[], filling: ReadonlySet<number>): Plan {
  const idOf = tableIds(schema);
  const sizes = new Map(tables.map(({ oid, bytes }) => [oid, bytes]));
  const scheduled = [...idOf].map(([oid, id]): [number, ScheduledTable] => [
    id,
    { bytes: sizes.get(oid) ?? 0, isFilling: filling.has(oid) },
  ]);
  return { schedule: new Schedule(schema.postData, new Map(scheduled)), idOf };
}

/** Sequences and large objects depend on no row: they go over one pair of sessions of their own. */
function moveTheRest(
  { source, target }: DatabasePair,
  states: readonly SequenceState[],
  moved: { bytes: number },
): Task {
  return (signal) => {
    const options = { name: NAME, signal };
    return withSession(asAdmin(source.server, source.database), options, (from) =>
      withSession(asOwner(target), options, async (to) => {
        await writeSequences(to, states);
        moved.bytes += (await copyLargeObjects(from, to)).bytes;
      }),
    );
  };
}

/** What comes after the rows: materialised views, what the planner knows, and what only an administrator may make. */
async function finishData(
  pair: DatabasePair,
  views: readonly string[],
  { statistics, call, tools, schemas, snapshot }: CopyTools & Pick<Schema, "statistics">,
): Promise<void> {
  const options = { name: NAME, signal: call.signal, login: asOwner(pair.target), workers: tools.jobs };
  if (views.length > 0) call.report({ label: "refreshing materialised views" });
  if (views.length > 0) await withSession(options.login, options, (owner) => refreshViews(owner, views));
  if (statistics.length > 0) call.report({ label: "carrying over statistics" });
  const chunks = inChunks(statistics, STATISTICS_PER_CHUNK);
  await forEachWithSession(chunks, options, (owner, chunk) => restoreTogether(owner, chunk, call));
  await copyOuterObjects(pair, call);
  if (snapshot === undefined) await finishUnderFence(pair, call);
  schemas?.forget(pair);
}

/** What is not replicated, and so comes with a replication's last changes; event triggers last, since they fire. */
export async function finishUnderFence(pair: DatabasePair, call: EngineCall): Promise<void> {
  await copyExtensionData(pair, call);
  await copyEventTriggers(pair, call);
}

/**
 * Copies everything under the fence. What an earlier attempt left on the target is thrown away, unless a
 * journal says that it is whole.
 */
export async function copyData(pair: DatabasePair, hold: FenceHold, options: CopyTools): Promise<CopyReport> {
  const { call, tools, journal } = options;
  const startedAt = performance.now();
  await hold.assertAlive();
  call.report({ label: "preparing the new database" });
  const [inventory, read] = await Promise.all([
    takeInventory(pair, call.signal),
    (options.schemas ?? new SchemaMemory()).read(pair, call, tools),
  ]);
  const preparation = { hold, tables: inventory.tables, journal, call, jobs: tools.jobs };
  const done = await prepareTarget(pair, read, preparation);
  const [sortMemory] = await Promise.all([
    readSortMemory(pair.target, { jobs: tools.jobs, signal: call.signal }),
    markBuilt(pair.target, call.signal),
  ]);
  const left = inventory.tables.filter(({ sql }) => !done.has(sql));
  const copies = planJobs(left, { workers: tools.jobs, sourceVersion: inventory.version });
  const filling = new Set(copies.flatMap(({ parts }) => parts.map(({ table }) => table.oid)));
  const work = new Work(copies, (tables) => journal?.add(tables));
  const objects = { bytes: 0 };
  const follow: Task = async () => work.follow(planBuilds(await read.schema, inventory.tables, filling));
  const moved = await moveAll(pair, work, {
    call,
    jobs: tools.jobs,
    encoding: inventory.encoding,
    mayExist: done.size > 0,
    snapshot: options.snapshot,
    sortMemory,
    totalBytes: left.reduce((sum, { bytes }) => sum + bytes, 0),
    beside: [follow, moveTheRest(pair, inventory.sequences, objects)],
  });
  await finishData(pair, inventory.views, { ...options, statistics: (await read.schema).statistics });
  await hold.assertAlive();
  return {
    tables: inventory.tables.length,
    rows: moved.rows,
    bytes: moved.bytes + objects.bytes,
    milliseconds: Math.round(performance.now() - startedAt),
  };
}
