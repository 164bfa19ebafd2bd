import { GodwitError } from "../../../core/failure.ts";
import type { DatabasePair, FenceHold } from "../../../core/ports/engine.ts";
import type { Followed, ReverseReplication } from "../../../core/ports/reverse-replication.ts";
import type { Proof } from "../../../core/proof.ts";
import type { JsonObject, Step, StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { endFollowing, followedOf, reverseOf } from "../following.ts";
import { ensureHold, storedFence } from "./ensure-hold.ts";
import { engineOf, openPair } from "./subject.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Compares both databases while applications write, so that little is left for the time without writes. */
export function createPrepareReturnStep(fleet: Fleet): Step {
  return {
    name: "prepare-return",
    title: "Compare the old database, which follows",
    pivot: false,
    timeoutMs: DAY_MS,
    async run(context) {
      await whileItFollows(fleet, context, ({ engine, pair, followed }) =>
        engine.prepareReturn(pair, followed, context),
      );
      return {};
    },
  };
}

/** Waits, now that nobody writes, until the old database has every change. */
export function createDrainBackStep(fleet: Fleet): Step {
  return {
    name: "drain",
    title: "Take over the last changes",
    pivot: false,
    timeoutMs: 10 * MINUTE_MS,
    async run(context) {
      const hold = await ensureHold(fleet, context, storedFence(context));
      await drainUnder(fleet, context, hold);
      return { output: { holdSince: hold.since.toISOString() } };
    },
  };
}

/** Compares both databases, now that nobody writes. The output names the hold that the proof is good for. */
export function createVerifyBackStep(fleet: Fleet): Step {
  return {
    name: "verify",
    title: "Compare both databases",
    pivot: false,
    timeoutMs: DAY_MS,
    async run(context) {
      const hold = await ensureHold(fleet, context, storedFence(context));
      if (context.outputOf("drain")["holdSince"] !== hold.since.toISOString())
        await drainUnder(fleet, context, hold);
      const proof = await verifyUnder(fleet, context, hold);
      return { output: { holdSince: hold.since.toISOString(), loss: noLoss(context) }, proof };
    },
  };
}

/** Takes over everything that was written before this hold. */
export async function drainUnder(fleet: Fleet, context: StepContext, hold: FenceHold): Promise<void> {
  await whileItFollows(fleet, context, ({ engine, pair, followed }) =>
    engine.drain(pair, followed, { hold, call: context }),
  );
}

/** Compares both databases under this hold. */
export async function verifyUnder(fleet: Fleet, context: StepContext, hold: FenceHold): Promise<Proof> {
  return await whileItFollows(fleet, context, ({ engine, pair, followed }) =>
    engine.verify(pair, followed, { hold, call: context }),
  );
}

/** As the person was told who confirmed the return. */
function noLoss({ migration, clock }: StepContext): JsonObject {
  const since = migration.preflight.loss?.since ?? null;
  const countedAt = clock.now().toISOString();
  return { since, countedAt, written: 0, replaced: 0, tables: [], notTold: [], carriedOver: true };
}

interface Stream {
  readonly engine: ReverseReplication;
  readonly pair: DatabasePair;
  readonly followed: Followed;
}

/**
 * A person has confirmed a return that loses nothing. When the old database turns out not to follow, that return ends,
 * and the next one counts what would be lost.
 */
async function whileItFollows<T>(
  fleet: Fleet,
  context: StepContext,
  work: (stream: Stream) => Promise<T>,
): Promise<T> {
  const undone = context.migration.revertOf ?? "";
  const followed = await followedOf(fleet, undone);
  if (followed === undefined) throw stopped();
  const pair = await openPair(fleet, context);
  try {
    return await work({ engine: reverseOf(engineOf(fleet, context)), pair, followed });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof GodwitError) || !isFinal(error)) throw error;
    await endFollowing(fleet, undone, context.signal);
    throw stopped(error);
  }
}

/** Too slow is not too late: the old database still follows. */
function isFinal(error: GodwitError): boolean {
  return error.class === "permanent" && !/^(fence-|following-too-slow$)/.test(error.code);
}

function stopped(cause?: GodwitError): GodwitError {
  return new GodwitError({
    code: "following-ended",
    summary: `The old database no longer follows the new one.${cause === undefined ? "" : ` ${cause.summary}`}`,
    remedy: "Ask for the return again: it then says what would be lost.",
    cause,
  });
}
