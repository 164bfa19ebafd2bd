import { GodwitError } from "../../../core/failure.ts";
import { patiently } from "../patiently.ts";
import { Phases } from "../phases.ts";
import type { CopyResult } from "../reporter.ts";
import { endOrTell, liftFence } from "../take-back.ts";
import { follow, gatherStatistics } from "./follow.ts";
import type { LiveRun } from "./live-run.ts";
import { gateNotice, returnedNotice } from "./sentences.ts";
import { type Switched, trySwitch } from "./switch-over.ts";
import { waitAtGate } from "./wait-at-gate.ts";

/** Copies a database while it is written to, and closes it for the switch alone. */
export async function runLive(run: LiveRun): Promise<CopyResult> {
  const startedAt = performance.now();
  const phases = new Phases(run.reporter);
  await follow(run, phases);
  const switched = await switchWhenLet(run, phases);
  try {
    const result = await complete(run, switched, phases);
    return { ...result, seconds: Math.round(performance.now() - startedAt) / 1000 };
  } finally {
    await switched.hold.release();
  }
}

/** Comes back to the gate after each switch that was taken back. */
async function switchWhenLet(run: LiveRun, phases: Phases): Promise<Switched> {
  const { call, gatekeeper, reporter } = run;
  reporter.notice(gateNotice(gatekeeper));
  for (;;) {
    await phases.run("gate", "Waiting for the switch.", () => gatekeeper.asking(() => waitAtGate(run)));
    const outcome = await gatekeeper.switching(() => trySwitch(run, phases));
    if (outcome.kind === "switched") return outcome;
    if (outcome.kind === "closed") continue;
    gatekeeper.returned(outcome.reason, call.clock.now());
    if (gatekeeper.hasStopped && !gatekeeper.isAttended) throw givenUp(outcome.reason);
    reporter.notice(returnedNotice(gatekeeper, call.clock.now()));
  }
}

function givenUp(reason: string): GodwitError {
  return new GodwitError({
    code: "switch-given-up",
    summary: `${reason} It was tried three times.`,
    remedy: "Try again at a quieter time, or raise --switch-limit.",
  });
}

/**
 * Until the note says that the copy is done, whoever goes on with it finds the replication and returns to the
 * gate; so the replication ends last.
 */
async function complete(run: LiveRun, switched: Switched, phases: Phases): Promise<CopyResult> {
  const { opened, state, call } = run;
  const { hold, proof, provedAt } = switched;
  const copiedBytes = state.note?.replication?.copiedBytes ?? 0;
  await phases.run("finish", "Gathering what statistics are missing.", () => gatherStatistics(run));
  await patiently(() => opened.handOver(call.signal));
  await hold.release();
  state.change({ isDone: true });
  if (run.unfences) await liftFence(run, opened.pair.source);
  const readOnlyUntil = run.unfences ? call.clock.now() : provedAt;
  await phases.run("end", "Ending the replication.", () => endOrTell(run, opened.pair, "--resume"));
  if (run.unfences && state.note?.replication === null) state.remove();
  return {
    strategy: "live",
    rows: proof.rows,
    item: run.engine.capabilities.units.item,
    bytes: copiedBytes,
    seconds: 0,
    readOnlySeconds: (readOnlyUntil.getTime() - hold.since.getTime()) / 1000,
    verified: proof.notVerified.length === 0,
    fenced: !run.unfences,
    phases: phases.seconds,
    notVerified: proof.notVerified,
  };
}
