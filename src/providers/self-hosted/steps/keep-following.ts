import { crashPoint } from "../../../core/crash-point.ts";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabasePair } from "../../../core/ports/engine.ts";
import type { JsonObject, StepContext } from "../../../core/step.ts";
import { strategyOf } from "../../../core/target.ts";
import type { Fleet } from "../fleet.ts";
import { endFollowing, type Following, followedBy, readFollowing } from "../following.ts";
import { storedFence } from "./ensure-hold.ts";
import { engineOf, openPair } from "./subject.ts";

/** Writers wait for the switch, so what would let a return lose nothing may not take long. */
const KEEP_MS = 10_000;

/**
 * Behind the pivot and before applications are told: lets the new database keep its changes for the old one, where both
 * servers allow it. Whether they do is settled once, since from then on somebody may write.
 */
export async function keepFollowing(fleet: Fleet, context: StepContext): Promise<Following | null> {
  const { migration, checkpoint } = context;
  const engine = engineOf(fleet, context).reverseReplication;
  if (engine === undefined || strategyOf(migration.target.strategy) !== "live") return null;
  const settled = readFollowing(checkpoint?.["following"]);
  if (settled !== null) return settled;
  context.report({ label: "letting the old database follow" });
  const pair = turned(await openPair(fleet, context));
  await fleet.store.beginFollowing(migration.id);
  return await orNot(fleet, context, async (signal) => {
    const notes = await engine.keep(pair, followedBy(fleet, migration.id, {}), signal);
    crashPoint("following: kept");
    return { follows: true, notes };
  });
}

/** Lets the old database, now that it is closed, take what was kept. */
export async function letFollow(fleet: Fleet, context: StepContext): Promise<Following | null> {
  const kept = readFollowing(context.outputOf("switch-over")["following"]);
  const engine = engineOf(fleet, context).reverseReplication;
  if (kept?.follows !== true || engine === undefined) return kept;
  const { id } = context.migration;
  context.report({ label: "letting the old database follow" });
  const pair = turned(await openPair(fleet, context));
  const fenceNotes: JsonObject = storedFence(context).notes.engineNotes;
  return await orNot(fleet, context, async (signal) => {
    await engine.follow(pair, followedBy(fleet, id, {}), { fenceNotes, signal });
    crashPoint("following: begun");
    return kept;
  });
}

function turned({ source, target }: DatabasePair): DatabasePair {
  return { source: target, target: source };
}

/** A migration does not fail for want of a better way back; what was made of it is taken away, at once or by housekeeping. */
async function orNot(
  fleet: Fleet,
  context: StepContext,
  work: (signal: AbortSignal) => Promise<Following>,
): Promise<Following> {
  const { id } = context.migration;
  try {
    return await work(AbortSignal.any([context.signal, AbortSignal.timeout(KEEP_MS)]));
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ err: error }, "old database does not follow");
    await endFollowing(fleet, id, context.signal).catch((left: unknown) => {
      context.signal.throwIfAborted();
      context.log.warn({ err: left }, "what the old database was to follow is left to housekeeping");
    });
    return { follows: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof GodwitError ? error.summary : "A server did not answer in time.";
}
