import { GodwitError, mayPass } from "../../../core/failure.ts";
import { formatDuration } from "../../../core/format.ts";
import type { EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { Proof } from "../../../core/proof.ts";
import type { Phases } from "../phases.ts";
import { fence } from "../run-copy.ts";
import { liftFence } from "../take-back.ts";
import { assertSameSchema, type LiveRun } from "./live-run.ts";
import { look } from "./wait-at-gate.ts";

/** Both sides are equal, and nobody writes to the source. */
export interface Switched {
  readonly kind: "switched";
  readonly hold: FenceHold;
  readonly proof: Proof;
  readonly provedAt: Date;
}

/** `closed`: the lag has grown meanwhile. `returned`: taken back, with the reason as a whole sentence. */
export type SwitchOutcome =
  | Switched
  | { readonly kind: "closed" }
  | { readonly kind: "returned"; readonly reason: string };

/**
 * Does before the fence what would lengthen the read-only window; then fences, drains and compares, within the
 * limit. Past it, or when something that may pass keeps it from going on, the source is opened again. What says
 * that the copy is wrong is thrown as it is.
 */
export async function trySwitch(run: LiveRun, phases: Phases): Promise<SwitchOutcome> {
  const { replication, opened, plan, call } = run;
  const limit = new AbortController();
  try {
    await phases.run("prepare", "Doing what can be done before the fence.", () =>
      replication.prepareSwitch(opened.pair, plan, call),
    );
    await assertSameSchema(run);
    if (!(await look(run)).opens) return { kind: "closed" };
    return await withinLimit(run, limit, (call) => switchUnderFence({ ...run, call }, phases));
  } catch (error) {
    call.signal.throwIfAborted();
    const reason = limit.signal.aborted ? tooSlow(run) : mayPass(error) ? sentenceOf(error) : null;
    if (reason === null) throw error;
    call.log.info({ err: error }, "switch taken back");
    await liftFence(run, opened.pair.source);
    return { kind: "returned", reason };
  }
}

async function withinLimit<T>(
  { call, switchLimitMs }: LiveRun,
  limit: AbortController,
  work: (call: EngineCall) => Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => limit.abort(new Error("switch limit")), switchLimitMs);
  const signal = AbortSignal.any([call.signal, limit.signal]);
  try {
    return await work({ ...call, signal });
  } finally {
    clearTimeout(timer);
  }
}

async function switchUnderFence(run: LiveRun, phases: Phases): Promise<Switched> {
  const { replication, opened, plan, call } = run;
  const { pair } = opened;
  const hold = await phases.run("fence", "Fencing the old database: from now on it refuses writes.", () =>
    fence(run),
  );
  try {
    await assertSameSchema(run);
    await phases.run("drain", "Taking over the last changes.", () =>
      replication.drain(pair, plan, { hold, call }),
    );
    const proof = await phases.run("verify", "Comparing both databases.", () =>
      replication.verify(pair, plan, { hold, call }),
    );
    return { kind: "switched", hold, proof, provedAt: call.clock.now() };
  } catch (error) {
    await hold.release();
    throw error;
  }
}

function tooSlow({ switchLimitMs }: LiveRun): string {
  return `The switch did not come through within ${formatDuration(switchLimitMs)}.`;
}

function sentenceOf(error: unknown): string {
  return error instanceof GodwitError ? error.summary : "Something interrupted the switch.";
}
