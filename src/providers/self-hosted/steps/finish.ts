import { crashPoint } from "../../../core/crash-point.ts";
import { GodwitError } from "../../../core/failure.ts";
import type { JsonObject, Step, StepContext } from "../../../core/step.ts";
import { strategyOf } from "../../../core/target.ts";
import type { Fleet } from "../fleet.ts";
import { endFollowing, type Following } from "../following.ts";
import { onServer } from "../server-reach.ts";
import { letFollow } from "./keep-following.ts";
import { endBetween } from "./replicate.ts";
import { engineOf, isReturn, openSource, openTarget, sourceLocation, targetLocation } from "./subject.ts";

const HOUR_MS = 3_600_000;

/** Closes the old database to its applications and gathers statistics on the new one. */
export function createFinishStep(fleet: Fleet): Step {
  return {
    name: "finish",
    title: "Tidy up",
    pivot: false,
    timeoutMs: 6 * HOUR_MS,
    async run(context) {
      if (strategyOf(context.migration.target.strategy) === "live") await endReplication(fleet, context);
      await context.beginLift();
      const source = await openSource(fleet, context);
      const engine = engineOf(fleet, context);
      const entrance = await noteEntrance(fleet, context);
      await onServer(source.server.id, () => engine.close(source, context.signal));
      crashPoint("finish: closed");
      await fleet.holds.release(context.migration.id);
      await context.liftFence();
      const following = await followOrEnd(fleet, context);
      return { output: { entrance, following, warnings: await gatherStatistics(fleet, context) } };
    },
  };
}

/** A return leaves nothing that its old database has followed; any other migration may let its own follow. */
async function followOrEnd(fleet: Fleet, context: StepContext): Promise<Following | null> {
  if (!isReturn(context)) return await letFollow(fleet, context);
  await endFollowing(fleet, context.migration.revertOf ?? "", context.signal);
  return null;
}

/** Who could enter, as it was before the door was closed: noted once, since a second look would find it closed. */
async function noteEntrance(fleet: Fleet, context: StepContext): Promise<JsonObject | null> {
  if (context.checkpoint !== null) return context.checkpoint;
  const source = await openSource(fleet, context);
  const { reversal } = engineOf(fleet, context);
  const entrance = await onServer(source.server.id, async () => reversal?.entrance(source, context.signal));
  if (entrance === undefined) return null;
  await context.saveCheckpoint(entrance);
  return entrance;
}

/** The old server keeps changes for a reader that is done: its slot has to go, or its disk fills. */
function endReplication(fleet: Fleet, context: StepContext): Promise<void> {
  context.report({ label: "ending the replication" });
  return endBetween(fleet, context, { source: sourceLocation(context), target: targetLocation(context) });
}

/** The migration has succeeded by now; statistics come by themselves a little later. */
async function gatherStatistics(fleet: Fleet, context: StepContext): Promise<string[]> {
  try {
    await engineOf(fleet, context).finish(await openTarget(fleet, context), context);
    return [];
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ err: error }, "statistics not gathered");
    const cause = error instanceof GodwitError ? ` ${error.summary}` : "";
    return [`Statistics of the new database were not gathered; it will do so by itself.${cause}`];
  }
}
