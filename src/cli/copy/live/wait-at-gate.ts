import { GodwitError } from "../../../core/failure.ts";
import { type GateVerdict, judgeGate, UNKNOWN_LAG } from "../../../core/gate.ts";
import { assertSameSchema, type LiveRun } from "./live-run.ts";

const LOOK_MS = 1_000;
/** How often a changed schema is looked for while the gate stays closed. */
const SCHEMA_LOOK_MS = 60_000;

/** Lets the target follow, and waits until the lag is small and whoever decides has let the copy go on. */
export async function waitAtGate(run: LiveRun): Promise<void> {
  const { replication, opened, plan, call, gatekeeper } = run;
  let [follows, lookedAt] = [false, Number.NEGATIVE_INFINITY];
  for (;;) {
    const now = call.clock.now().getTime();
    if (now - lookedAt >= SCHEMA_LOOK_MS) {
      await orLater(run, () => assertSameSchema(run));
      lookedAt = now;
    }
    follows ||= await orLater(run, () => replication.resume(opened.pair, plan, call.signal));
    if ((await look(run)).opens) return;
    await gatekeeper.rest(LOOK_MS, call);
  }
}

/** Judges the gate by the lag of this moment, and tells it. */
export async function look(run: LiveRun): Promise<GateVerdict> {
  const { replication, opened, plan, call, gatekeeper, reporter } = run;
  let lag = UNKNOWN_LAG;
  await orLater(run, async () => {
    lag = await replication.lag(opened.pair, plan, call.signal);
  });
  const verdict = judgeGate(gatekeeper.gate, lag, call.clock.now());
  reporter.gate({ gate: gatekeeper.gate, verdict, lag, hasTerminal: gatekeeper.hasTerminal });
  return verdict;
}

/** A server that does not answer for a moment closes the gate and ends nothing. */
async function orLater({ call }: LiveRun, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    call.signal.throwIfAborted();
    if (!(error instanceof GodwitError) || error.class !== "transient") throw error;
    call.log.debug({ err: error }, "gate cannot look");
    return false;
  }
}
