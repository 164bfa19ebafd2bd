import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, DatabasePair, Engine } from "../../core/ports/engine.ts";
import { patiently } from "./patiently.ts";
import type { CopyReporter } from "./reporter.ts";
import type { CopyState } from "./state.ts";

/** What taking something back needs to know: how it was made, and who tells of it. */
export interface Leftovers {
  readonly engine: Engine;
  readonly state: CopyState;
  readonly reporter: CopyReporter;
}

/** Whoever interrupts a copy still wants the source to be as it was. */
const uninterrupted = (): AbortSignal => new AbortController().signal;

/** Takes a fence away that this or an earlier run has built, and forgets how it was built. */
export async function liftFence(
  { engine, state }: Pick<Leftovers, "engine" | "state">,
  source: DatabaseAccess,
): Promise<boolean> {
  const { undo } = state;
  if (undo === null) return false;
  await patiently(() => engine.unfence(source, undo, state.holder, uninterrupted()));
  state.change({ undo: null });
  state.forgetTables();
  return true;
}

/**
 * Takes away what a replication of this or an earlier run has made on both sides; on the source alone when
 * the target cannot be reached, or is not the one that the replication led to. Tells whether there was any.
 */
export async function endReplication(leftovers: Leftovers, pair: DatabasePair): Promise<boolean> {
  const { engine, state } = leftovers;
  const { source, target } = pair;
  const left = state.note?.replication ?? null;
  if (left === null || !engine.replication) return false;
  try {
    await engine.replication.end({ source, target }, left.id, uninterrupted());
    state.change({ replication: null });
  } catch {
    await endOnSource(leftovers, source);
  }
  return true;
}

/**
 * Takes away what a replication has left on the source, whose slot is what must not stay; notes and tells what is
 * left on the target.
 */
export async function endOnSource(
  { engine, state, reporter }: Leftovers,
  source: DatabaseAccess,
): Promise<boolean> {
  const left = state.note?.replication ?? null;
  if (left === null || left.side === "target" || !engine.replication) return false;
  // The source in the target's place: it has no half of the target's to be taken away.
  await engine.replication.end({ source, target: source }, left.id, uninterrupted());
  state.change({ replication: { ...left, side: "target" } });
  reporter.notice(
    `The new database ${state.note?.to ?? ""} keeps its half of the replication ${left.id} until a copy to it begins anew or somebody drops it.`,
  );
  return true;
}

/** Opens the source and takes a replication away after a failure. A replication that stays is told, and noted. */
export async function takeBack(leftovers: Leftovers, pair: DatabasePair): Promise<void> {
  try {
    await liftFence(leftovers, pair.source);
  } finally {
    await endOrTell(leftovers, pair, "--unfence");
  }
}

/**
 * Ends a replication where a failure to do so must not hide how the copy itself has ended; `option` is the one with
 * which the command ends it later.
 */
export async function endOrTell(
  leftovers: Leftovers,
  pair: DatabasePair,
  option: "--resume" | "--unfence",
): Promise<void> {
  try {
    await endReplication(leftovers, pair);
  } catch (error) {
    const why = error instanceof GodwitError ? ` ${error.summary}` : "";
    leftovers.reporter.notice(
      `The replication could not be ended, so the old server keeps changes for it until its disk is full.${why} ` +
        `Run “godwit copy ${option}” as soon as it can be reached.`,
    );
  }
}
