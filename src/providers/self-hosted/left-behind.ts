import type { StepRecord } from "../../core/step.ts";
import { readLocation } from "./location.ts";

/**
 * What a migration made before the pivot and what nobody removes when a person ends it by hand: by then the new
 * database may be the one in service. A fence is not among it: the sweeper lifts that of a migration that has ended.
 */
export function leftBehind(steps: readonly StepRecord[]): readonly string[] {
  return [...newDatabase(noted(steps, "provision")), ...replication(noted(steps, "replicate"))];
}

/** What a step has noted of something that may still be there. */
function noted(steps: readonly StepRecord[], name: string): StepRecord["checkpoint"] {
  const record = steps.find((step) => step.name === name);
  return record === undefined || record.status === "undone" ? null : record.checkpoint;
}

function newDatabase(checkpoint: StepRecord["checkpoint"]): string[] {
  if (checkpoint === null) return [];
  const { serverId, database, username } = readLocation(checkpoint["target"]);
  return [`The new database ${database} and its role ${username} on server ${serverId}.`];
}

/** A slot keeps the source's log for as long as it exists. */
function replication(checkpoint: StepRecord["checkpoint"]): string[] {
  if (checkpoint === null) return [];
  const [source, target] = [readLocation(checkpoint["source"]), readLocation(checkpoint["target"])];
  return [
    `The subscription in ${target.database} on server ${target.serverId}, which keeps the log of server ${source.serverId} growing until it is dropped.`,
    `The publication, slot and role of the same name on server ${source.serverId}.`,
  ];
}
