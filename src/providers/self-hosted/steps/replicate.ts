import { crashPoint } from "../../../core/crash-point.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { assertNotInService } from "../in-service.ts";
import { type Location, reachOf, readLocation } from "../location.ts";
import { onServer } from "../server-reach.ts";
import { assertSameSchema } from "./assert-same-schema.ts";
import { planOf, replicationOf } from "./replication.ts";
import { openPair, sourceLocation, targetLocation } from "./subject.ts";
import { takeBackIfUndone } from "./take-back-if-undone.ts";

const DAY_MS = 86_400_000;

/** Copies the data while applications write, and lets the new database follow the old one from then on. */
export function createReplicateStep(fleet: Fleet): Step {
  return {
    name: "replicate",
    title: "Copy the data and follow its changes",
    pivot: false,
    hold: "stops",
    timeoutMs: 7 * DAY_MS,
    async run(context) {
      await assertNotInService(fleet, targetLocation(context));
      await assertSameSchema(fleet, context);
      // Noted first: whatever the start makes, its undo must know where to look for it.
      const checkpoint = { source: sourceLocation(context), target: targetLocation(context) };
      await context.saveCheckpoint(checkpoint);
      const pair = await openPair(fleet, context);
      const report = await replicationOf(fleet, context).start(pair, planOf(fleet, context), context);
      await takeBackIfUndone({ ...context, checkpoint }, (late) => endReplication(fleet, late));
      return { output: { ...report } };
    },
    undo: (context) => endReplication(fleet, context),
  };
}

/** Takes publication, slot and subscription away, whoever made them. Does nothing before there was any. */
async function endReplication(fleet: Fleet, context: StepContext): Promise<void> {
  if (context.checkpoint === null) return;
  const source = readLocation(context.checkpoint["source"]);
  const target = readLocation(context.checkpoint["target"]);
  await endBetween(fleet, context, { source, target });
}

/** Ends the replication between two places; no password is needed for that. */
export async function endBetween(
  fleet: Fleet,
  context: StepContext,
  places: { readonly source: Location; readonly target: Location },
): Promise<void> {
  const pair = { source: reachOf(fleet, places.source), target: reachOf(fleet, places.target) };
  const { id } = context.migration;
  await onServer(places.source.serverId, () => replicationOf(fleet, context).end(pair, id, context.signal));
  crashPoint("replication: ended");
}
