import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { inParallel } from "../../in-parallel.ts";
import { markBuilt, markBuiltBy, unmarkBuilt } from "../built-mark.ts";
import { recreateDatabase } from "../provision.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import type { SchemaEntry } from "./entries.ts";
import { isPristine } from "./is-pristine.ts";
import { isOptional, RESTORE_SETTINGS, restoreEntries, restoreTogether } from "./restore-entries.ts";
import { Schedule } from "./schedule.ts";

const NAME = "godwit schema";
/** Kinds whose needs among each other a dump names completely. */
const INDEPENDENT = new Set(["TABLE", "SEQUENCE", "SEQUENCE OWNED BY", "DEFAULT"]);
/** Fewer neighbouring entries than this are restored sooner by one session than by several. */
const WORTH_SHARING = 400;

/** How a schema is restored. */
export interface PreDataOptions {
  readonly call: EngineCall;
  readonly jobs: number;
}

/** Cuts entries into runs of neighbours that may be shared between sessions, and the rest. */
function cutRuns(
  entries: readonly SchemaEntry[],
): { readonly isShared: boolean; readonly entries: SchemaEntry[] }[] {
  const runs: { isShared: boolean; entries: SchemaEntry[] }[] = [];
  for (const entry of entries) {
    const isShared = INDEPENDENT.has(entry.type);
    const last = runs.at(-1);
    if (last?.isShared === isShared) last.entries.push(entry);
    else runs.push({ isShared, entries: [entry] });
  }
  return runs.map((run) => ({ ...run, isShared: run.isShared && run.entries.length >= WORTH_SHARING }));
}

/** Restores entries over several sessions, each as soon as those that it needs are there. */
async function share(
  pair: DatabasePair,
  entries: readonly SchemaEntry[],
  { call, jobs }: PreDataOptions,
): Promise<void> {
  const schedule = new Schedule(entries);
  let wake: (() => void)[] = [];
  await inParallel(jobs, call.signal, async (signal) => {
    const wakeAll = (): void => {
      for (const each of wake.splice(0)) each();
    };
    signal.addEventListener("abort", wakeAll, { once: true });
    const options = { name: NAME, signal, settings: RESTORE_SETTINGS };
    await withSession(asOwner(pair.target), options, async (owner) => {
      while (schedule.left > 0) {
        signal.throwIfAborted();
        const ready = schedule.take();
        const batch = ready.length > 0 || schedule.isRunning ? ready : schedule.takeAnyway();
        if (batch.length > 0) {
          await restoreTogether(owner, batch, call);
          schedule.finish(batch);
          wakeAll();
        } else {
          await new Promise<void>((done) => (wake = [...wake, done]));
        }
      }
    });
  });
}

async function restoreObjects(
  pair: DatabasePair,
  preData: readonly SchemaEntry[],
  options: PreDataOptions,
): Promise<void> {
  const session = { name: NAME, signal: options.call.signal, settings: RESTORE_SETTINGS };
  const one = (entries: readonly SchemaEntry[]): Promise<void> =>
    withSession(asOwner(pair.target), session, (owner) => restoreEntries(owner, entries, options.call));
  for (const run of cutRuns(preData.filter((entry) => !isOptional(entry)))) {
    await (run.isShared ? share(pair, run.entries, options) : one(run.entries));
  }
  const grants = preData.filter(isOptional);
  if (grants.length > 0) await one(grants);
}

/** Makes the target anew, unless it is new, with only the part of the schema that a copy needs. */
export async function restorePreData(
  pair: DatabasePair,
  preData: readonly SchemaEntry[],
  options: PreDataOptions,
): Promise<void> {
  const { call } = options;
  const admin = asAdmin(pair.target.server, pair.target.database);
  const isNew = await withSession(admin, { name: NAME, signal: call.signal }, async (session) => {
    if (!(await isPristine(session))) return false;
    await markBuiltBy(session, pair.target);
    return true;
  });
  if (!isNew) {
    await recreateDatabase(pair, call);
    await markBuilt(pair.target, call.signal);
  }
  await restoreObjects(pair, preData, options);
  await unmarkBuilt(pair.target, call.signal);
}
