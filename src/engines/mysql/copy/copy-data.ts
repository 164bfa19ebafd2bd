import type {
  CopyJournal,
  CopyReport,
  DatabasePair,
  EngineCall,
  FenceHold,
} from "../../../core/ports/engine.ts";
import { inParallel } from "../../in-parallel.ts";
import { readDefinerMap } from "../definers.ts";
import { eventsBefore } from "../fence/fence.ts";
import { type BareTargets, createBare, inTarget, targetKey } from "../schema/copy-schema.ts";
import { createPrograms } from "../schema/create-programs.ts";
import { createTables, renamed } from "../schema/create-tables.ts";
import { fingerprint, readSchema, type Schema } from "../schema/read-schema.ts";
import { stagesOf, type Table } from "../schema/tables.ts";
import { type Session, withAdmin } from "../session.ts";
import { qualified } from "../sql.ts";
import { type OpenLane, openLane } from "./lane.ts";
import { type Part, planParts, statementsOf } from "./parts.ts";
import { splice } from "./splice.ts";
import { Tally } from "./tally.ts";
import { type Job, Work } from "./work.ts";

/** What a copy needs besides the pair and the fence. */
export interface CopyOptions {
  readonly call: EngineCall;
  readonly jobs: number;
  readonly bare: BareTargets;
  readonly journal?: CopyJournal | undefined;
  /** Stands in for the fence where there is none: what all workers' sources show, as of one moment. */
  readonly snapshot?: Snapshot;
}

/** Sessions that all see one moment. */
export interface Snapshot {
  /** Events that are to run once the database is the application's. */
  readonly waking: readonly string[];
  /** Begins the snapshot for so many workers; the lanes are closed by whoever opens them. */
  begin(lanes: number): Promise<OpenLanes>;
}

/** Gives each worker a lane, which it closes. */
export type OpenLanes = (signal: AbortSignal) => Promise<OpenLane>;

/** Brings the target to bare tables, or to those that the journal calls whole and bare others. Returns the whole ones. */
async function prepareTarget(
  pair: DatabasePair,
  schema: Schema,
  options: CopyOptions,
): Promise<ReadonlySet<string>> {
  const { call, bare, journal } = options;
  call.report({ label: "preparing the new database" });
  const isBare = bare.get(targetKey(pair)) === fingerprint(schema);
  bare.delete(targetKey(pair));
  const done = journal?.done ?? new Set<string>();
  if (done.size > 0 && (await keepWhole(pair, { schema, done, signal: call.signal }))) return done;
  if (done.size > 0) journal?.clear();
  if (!isBare) await createBare(pair, schema, call.signal);
  return new Set();
}

/** Keeps the tables that an earlier run has finished and makes the others anew; false when one of them is missing. */
function keepWhole(
  pair: DatabasePair,
  { schema, done, signal }: { schema: Schema; done: ReadonlySet<string>; signal: AbortSignal },
): Promise<boolean> {
  return inTarget(pair, signal, async (session) => {
    const rows = await session.rows<{ name: string }>(
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
      [pair.target.database],
    );
    const found = new Set(rows.map(({ name }) => name));
    if ([...done].some((name) => !found.has(name))) return false;
    const anew = schema.tables.filter(({ name }) => !done.has(name));
    for (const { name } of anew)
      await session.run(`DROP TABLE IF EXISTS ${qualified(pair.target.database, name)}`);
    await createTables(session, pair, { tables: anew, isBare: true });
    return true;
  });
}

/** Whether the target lets one statement at a time fill a table: with a counter, unless its locks are told not to. */
async function readIsAlone(pair: DatabasePair, signal: AbortSignal): Promise<(table: Table) => boolean> {
  const mode = await withAdmin(pair.target.server, signal, async (admin) => {
    const [row] = await admin.rows<{ mode: number }>("SELECT @@innodb_autoinc_lock_mode AS mode");
    return Number(row?.mode);
  });
  return ({ next, engine }) => engine !== "InnoDB" || (next !== null && mode < 2);
}

interface Moving {
  readonly work: Work;
  readonly tally: Tally;
  readonly jobs: number;
  readonly hasJsonType: boolean;
  readonly openLanes: OpenLanes;
}

/** Fills and builds everything, several workers side by side. */
async function moveAll(
  pair: DatabasePair,
  signal: AbortSignal,
  { work, tally, jobs, hasJsonType, openLanes }: Moving,
): Promise<void> {
  const names = { from: pair.source.database, to: pair.target.database, hasJsonType };
  await inParallel(jobs, signal, async (signal) => {
    signal.addEventListener("abort", () => work.wake(), { once: true });
    const lane = await openLanes(signal);
    const copy = async (part: Part): Promise<void> => {
      tally.begin(lane, "copying", part.table.name);
      const watch = (moved: { rows: number; bytes: number }): void => tally.watch(lane, moved);
      await splice(lane.source, lane.target, { statements: statementsOf(part, names), watch });
    };
    const build = async ({ table, statements }: Extract<Job, { kind: "build" }>): Promise<void> => {
      if (statements.length > 0) tally.begin(lane, "building", `the keys of ${table.name}`);
      for (const statement of statements) await lane.target.run(renamed(statement, pair));
    };
    try {
      for (let job = await work.next(signal); job !== null; job = await work.next(signal)) {
        await (job.kind === "copy" ? copy(job.part) : build(job));
        tally.end(lane);
        work.done(job);
      }
    } finally {
      lane.close();
    }
  });
}

/** What comes after the rows: where numbers go on, references between tables, and what runs. */
async function finishData(
  pair: DatabasePair,
  schema: Schema,
  options: { call: EngineCall; waking: readonly string[] },
): Promise<void> {
  const { call, waking } = options;
  call.report({ label: "building references, views, triggers and routines" });
  await inTarget(pair, call.signal, async (session) => {
    for (const table of schema.tables) await finishTable(session, pair, table);
    await setSequences(session, pair, schema);
    const definers = await readDefinerMap(session, pair);
    await createPrograms(session, schema.programs, { definers, wakingEvents: new Set(waking) });
  });
}

async function setSequences(
  session: Session,
  { target }: DatabasePair,
  { sequences }: Schema,
): Promise<void> {
  for (const { name, next, cycles } of sequences)
    await session.rows(`SELECT SETVAL(${qualified(target.database, name)}, ${next}, 0, ${cycles})`);
}

async function setCounter(session: Session, { target }: DatabasePair, { name, next }: Table): Promise<void> {
  if (next === null) return;
  await session.run(`ALTER TABLE ${qualified(target.database, name)} AUTO_INCREMENT = ${next}`);
}

/** Lets numbers go on where they stand in a schema; in a session whose own database is the target's. */
export async function setCounters(session: Session, pair: DatabasePair, schema: Schema): Promise<void> {
  for (const table of schema.tables) await setCounter(session, pair, table);
  await setSequences(session, pair, schema);
}

async function finishTable(session: Session, pair: DatabasePair, table: Table): Promise<void> {
  await setCounter(session, pair, table);
  const { foreignKeys } = stagesOf(table, pair.target.database);
  if (foreignKeys === null) return;
  // An earlier run may have come this far.
  const built = await session.rows(
    `SELECT 1 FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ? LIMIT 1`,
    [pair.target.database, table.name],
  );
  if (built.length === 0) await session.run(renamed(foreignKeys, pair));
}

/** Under a fence nothing changes between one worker's beginning and another's. */
async function lanesFor(pair: DatabasePair, workers: number, { snapshot }: CopyOptions): Promise<OpenLanes> {
  return (await snapshot?.begin(workers)) ?? ((signal) => openLane(pair, signal));
}

/** Copies everything under the fence, or as of one snapshot. What an earlier attempt left is thrown away, unless a journal says that it is whole. */
export async function copyData(
  pair: DatabasePair,
  hold: FenceHold,
  options: CopyOptions,
): Promise<CopyReport> {
  const { call, jobs, journal } = options;
  const startedAt = performance.now();
  await hold.assertAlive();
  const schema = await readSchema(pair.source, call.signal);
  const done = await prepareTarget(pair, schema, options);
  const left = schema.tables.filter(({ name }) => !done.has(name));
  const { parts, hasJsonType } = await withAdmin(pair.source.server, call.signal, async (admin) => ({
    parts: await planParts(admin, pair.source.database, left),
    hasJsonType: admin.flavour.hasJsonType,
  }));
  const work = new Work(parts, {
    database: pair.target.database,
    isAlone: await readIsAlone(pair, call.signal),
    finished: ({ name }) => journal?.add([name]),
  });
  const tally = new Tally(
    call,
    left.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const stop = tally.tick();
  try {
    const workers = Math.min(jobs, parts.length);
    const openLanes = await lanesFor(pair, workers, options);
    await moveAll(pair, call.signal, { work, tally, jobs: workers, hasJsonType, openLanes });
  } finally {
    stop();
  }
  await finishData(pair, schema, { call, waking: options.snapshot?.waking ?? eventsBefore(hold) });
  await hold.assertAlive();
  const milliseconds = Math.round(performance.now() - startedAt);
  return { tables: schema.tables.length, rows: tally.rows, bytes: tally.bytes, milliseconds };
}
