import { GodwitError } from "../../../core/failure.ts";
import type { Phases } from "../phases.ts";
import { preparation, UNLIMITED } from "../run-copy.ts";
import { endReplication, liftFence } from "../take-back.ts";
import { assertSameSchema, type LiveRun } from "./live-run.ts";

/** Brings the target to where it follows the source: anew, or by an earlier run's copy where that is complete. */
export async function follow(run: LiveRun, phases: Phases): Promise<void> {
  const { engine, opened, call } = run;
  if (run.resumes && (await liftFence(run, opened.pair.source)))
    run.reporter.notice("The fence that an earlier copy had left was lifted.");
  // Each run has a password of its own for the target's owner.
  await engine.provision(opened.pair, UNLIMITED, call);
  if (run.resumes && (await followsAgain(run))) return;
  await phases.run(...preparation(engine), () => copySchema(run));
  await phases.run("replicate", "Copying the data while the old database is written to.", () => start(run));
}

/** Whether an earlier run's copy is complete and can go on. */
async function followsAgain(run: LiveRun): Promise<boolean> {
  const { replication, opened, plan, call, reporter } = run;
  try {
    await replication.resume(opened.pair, plan, call.signal);
  } catch (error) {
    if (!(error instanceof GodwitError) || error.code !== "replication-lost") throw error;
    reporter.notice("The earlier copy was not complete: it starts anew.");
    await endReplication(run, opened.pair);
    return false;
  }
  await assertSameSchema(run);
  reporter.notice("The earlier copy is complete, and follows the old database again.");
  return true;
}

/** The replication is noted before there is any, so that whoever runs next can take it away. */
async function copySchema({ engine, opened, state, plan, call, to }: LiveRun): Promise<void> {
  const { pair } = opened;
  // Taken first: a change during the copy then shows at the gate.
  const { hasSchema } = engine.capabilities;
  const fingerprint = hasSchema ? await engine.schemaFingerprint(pair.source, call.signal) : "";
  const replication = { id: plan.id, side: "both", fingerprint, copiedBytes: null } as const;
  state.write({ to, undo: null, isDone: false, replication });
  if (hasSchema) await engine.copySchema(pair, call);
}

async function start(run: LiveRun): Promise<void> {
  const { replication, opened, state, plan, call } = run;
  const report = await replication.start(opened.pair, plan, call);
  const noted = state.note?.replication;
  if (noted) state.change({ replication: { ...noted, copiedBytes: report?.bytes ?? 0 } });
  // What is gathered now need not be gathered while applications wait.
  await gatherStatistics(run);
}

/** A copy is not given up for statistics, which the server gathers by itself a little later. */
export async function gatherStatistics({ engine, opened, call, reporter }: LiveRun): Promise<void> {
  try {
    await engine.finish(opened.pair.target, call);
  } catch (error) {
    call.signal.throwIfAborted();
    const why = error instanceof GodwitError ? ` ${error.summary}` : "";
    reporter.notice(`Statistics of the new database were not gathered; it will do so by itself.${why}`);
  }
}
