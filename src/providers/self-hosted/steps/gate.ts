import { GodwitError } from "../../../core/failure.ts";
import {
  GATE_STEP,
  type Gate,
  type GateVerdict,
  hasCaughtUp,
  judgeGate,
  lagSentence,
  UNKNOWN_LAG,
} from "../../../core/gate.ts";
import type { DatabasePair } from "../../../core/ports/engine.ts";
import type { ReplicationLag } from "../../../core/ports/replication.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { assertSameSchema } from "./assert-same-schema.ts";
import { planOf, replicationOf } from "./replication.ts";
import { openPair } from "./subject.ts";

const LOOK_MS = 1_000;
/** How often a changed schema is looked for while the gate stays closed. */
const SCHEMA_LOOK_MS = 60_000;
/** How often a fence is looked for that a suspended worker has built since the last switch was taken back. */
const LATE_FENCE_LOOK_MS = 5_000;
const DAY_MS = 86_400_000;
/** A gate is not held for longer; timers end at 24 days. */
const HELD_DAYS = 20;
/** A gate may stand for days, and a card that is edited every few seconds for days is a nuisance. */
const CARD_MS = 15_000;

/** Waits until the new database has nearly caught up, and for a person or a time where one is awaited. */
export function createGateStep(fleet: Fleet): Step {
  return {
    name: GATE_STEP,
    title: "Wait for the switch",
    pivot: false,
    hold: "waits",
    timeoutMs: HELD_DAYS * DAY_MS,
    progressMs: CARD_MS,
    async run(context) {
      const pair = await openPair(fleet, context);
      await replicationOf(fleet, context).resume(pair, planOf(fleet, context), context.signal);
      const lag = await waitForOpening(fleet, context, pair);
      return { output: { behindBytes: lag.behindBytes, behindMs: lag.behindMs } };
    },
  };
}

async function waitForOpening(
  fleet: Fleet,
  context: StepContext,
  pair: DatabasePair,
): Promise<ReplicationLag> {
  let [lookedAt, openedAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let isPrepared = false;
  for (;;) {
    const now = context.clock.now().getTime();
    if (now - lookedAt >= SCHEMA_LOOK_MS) {
      await orLater(context, () => assertSameSchema(fleet, context));
      lookedAt = now;
    }
    if (now - openedAt >= LATE_FENCE_LOOK_MS) {
      await orLater(context, () => context.openIfAbandoned());
      openedAt = now;
    }
    const { verdict, lag } = await look(fleet, context, pair);
    if (verdict.opens && (await isStillOpen(fleet, context, pair))) return lag;
    // The first preparation reads everything; whoever says later that it is time is not to wait for that.
    if (!isPrepared && hasCaughtUp(lag))
      isPrepared = (await orLater(context, () => prepare(fleet, context, pair))) ?? false;
    await context.clock.sleep(LOOK_MS, context.signal);
  }
}

/** Does what would lengthen the read-only window; resolves with true when that is done. */
async function prepare(fleet: Fleet, context: StepContext, pair: DatabasePair): Promise<true> {
  await replicationOf(fleet, context).prepareSwitch(pair, planOf(fleet, context), context);
  return true;
}

/** Prepares, then looks again: it may have taken long. */
async function isStillOpen(fleet: Fleet, context: StepContext, pair: DatabasePair): Promise<boolean> {
  await prepare(fleet, context, pair);
  await assertSameSchema(fleet, context);
  const { verdict } = await look(fleet, context, pair);
  return verdict.opens;
}

async function look(
  fleet: Fleet,
  context: StepContext,
  pair: DatabasePair,
): Promise<{ readonly verdict: GateVerdict; readonly lag: ReplicationLag }> {
  const lag = await orLater(context, () =>
    replicationOf(fleet, context).lag(pair, planOf(fleet, context), context.signal),
  );
  const gate = await context.gate();
  const known = lag ?? UNKNOWN_LAG;
  const verdict = judgeGate(gate, known, context.clock.now());
  context.report({ label: labelOf(known) });
  if (isNews(gate, verdict)) await context.noteGate({ state: verdict.state, reason: verdict.reason });
  return { verdict, lag: known };
}

/** A lag that is a little different is no news. */
function isNews(gate: Gate, verdict: GateVerdict): boolean {
  if (gate.state !== verdict.state) return true;
  return gate.state !== "waiting-for-lag" && gate.reason !== verdict.reason;
}

function labelOf(lag: ReplicationLag): string {
  return lagSentence(lag).replace(/\.$/, "");
}

/** A server that does not answer for a moment closes the gate and ends nothing. */
async function orLater<T>(context: StepContext, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof GodwitError) || error.class !== "transient") throw error;
    context.log.warn({ err: error }, "gate cannot look");
    return undefined;
  }
}
