import { randomBytes } from "node:crypto";
import { GodwitError } from "../../core/failure.ts";
import type { EngineCall, OpenedUrls } from "../../core/ports/engine.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { isAllowed } from "./is-allowed.ts";
import { Gatekeeper } from "./live/gatekeeper.ts";
import { listenForGo } from "./live/listen-for-go.ts";
import { runLive } from "./live/run-live.ts";
import type { CopyOrder, LiveOrder } from "./order.ts";
import type { CopyReporter, CopyResult } from "./reporter.ts";
import { type CopyRun, runCopy } from "./run-copy.ts";
import { type CopyState, withoutPassword } from "./state.ts";
import { endOnSource, endReplication, liftFence, takeBack } from "./take-back.ts";

/** What a copy works with from its first look on. */
export interface Copy {
  readonly order: CopyOrder;
  readonly state: CopyState;
  readonly reporter: CopyReporter;
  readonly call: EngineCall;
  /** Finds what stands at both URLs; `goesOn` when what stands at `to` may be an earlier run's. */
  open(to: string, goesOn: boolean): Promise<OpenedUrls>;
}

/** Copies to a URL: goes on with what a dead run has left where that is wanted, and takes it away otherwise. */
export async function copyTo(copy: Copy, to: string): Promise<ExitCode> {
  const { order, state, reporter, call } = copy;
  const target = withoutPassword(to);
  const isSame = state.note?.to === target;
  if (isSame && isEndedInPart(state)) {
    const exitCode = await tidyUp(copy, await copy.open(to, true));
    if (order.resumes) return exitCode;
  }
  const goesOn = isSame && !state.note.isDone;
  const opened = await copy.open(to, goesOn);
  const resumes = order.resumes && goesOn && canGoOn(copy);
  if (order.resumes && !resumes) reporter.notice("There is nothing to go on from: the copy starts anew.");
  const { engine, unfences } = order;
  const run: CopyRun = { engine, opened, state, reporter, call, to: target, resumes, unfences };
  if (!resumes) await clearAway(run);
  if (!resumes && !(await isAllowed(run, order.live))) return EXIT.refused;
  return carryOut(run, order.live);
}

/** A dump is gone on with under its fence, a live copy with its replication. */
function canGoOn({ order, state }: Copy): boolean {
  const replication = state.note?.replication ?? null;
  return order.live === null ? replication === null && state.undo !== null : replication?.side === "both";
}

/** Whether a proved copy's run died before it had taken its replication away. */
function isEndedInPart({ note }: CopyState): boolean {
  return note?.isDone === true && note.replication !== null;
}

async function tidyUp({ order, state, reporter }: Copy, { pair }: OpenedUrls): Promise<ExitCode> {
  const leftovers = { engine: order.engine, state, reporter };
  await endReplication(leftovers, pair);
  const isLifted = order.unfences && (await liftFence(leftovers, pair.source));
  reporter.notice(
    "The copy was complete and proved; the replication that it had left was taken away." +
      (isLifted ? " The old database accepts writes again." : ""),
  );
  return EXIT.done;
}

/** A run that died has left its fence and its replication: only who goes on with it may keep them. */
async function clearAway(run: CopyRun): Promise<void> {
  const { pair } = run.opened;
  if (await liftFence(run, pair.source))
    run.reporter.notice("The fence that an earlier copy had left was lifted.");
  const isSame = run.state.note?.to === run.to;
  if (await (isSame ? endReplication(run, pair) : endOnSource(run, pair.source)))
    run.reporter.notice("The replication that an earlier copy had left was taken away.");
}

async function carryOut(run: CopyRun, live: LiveOrder | null): Promise<ExitCode> {
  try {
    const result = live === null ? await runCopy(run) : await carryOutLive(run, live);
    run.reporter.report(result);
    return result.verified ? EXIT.done : EXIT.failed;
  } catch (error) {
    await takeBack(run, run.opened.pair);
    throw inOwnWords(error);
  }
}

async function carryOutLive(run: CopyRun, live: LiveOrder): Promise<CopyResult> {
  const { replication } = run.engine;
  if (!replication) throw new Error(`${run.engine.id} has no replication`);
  const { when, switchLimitMs, backlogLimitBytes } = live;
  const gatekeeper = new Gatekeeper({ when, hasTerminal: process.stdin.isTTY });
  const left = run.resumes ? run.state.note?.replication : null;
  const id = left?.id ?? `copy_${randomBytes(6).toString("hex")}`;
  const stopListening = listenForGo(gatekeeper);
  try {
    const plan = { id, backlogLimitBytes };
    return await runLive({ ...run, replication, plan, gatekeeper, switchLimitMs });
  } finally {
    stopListening();
  }
}

/** The engine speaks of godwit.yaml, which this command does not read. */
function inOwnWords(error: unknown): unknown {
  if (!(error instanceof GodwitError) || error.code !== "replication-overgrown") return error;
  const remedy = "Try again when less is written, or raise --replication-limit.";
  const { code, summary, class: kind } = error;
  return new GodwitError({ code, summary, remedy, class: kind, cause: error });
}
