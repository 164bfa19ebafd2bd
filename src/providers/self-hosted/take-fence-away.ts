import type { FenceRecord } from "../../core/step.ts";
import { readFenceNotes } from "./fence-notes.ts";
import type { Fleet } from "./fleet.ts";
import { engineOn, openAccess } from "./location.ts";
import { onServer } from "./server-reach.ts";

/** Opens a database again from the stored record alone: the worker that fenced it may be dead. Idempotent. */
export async function takeFenceAway(
  fleet: Fleet,
  { undo, migrationId }: Pick<FenceRecord, "undo" | "migrationId">,
  signal: AbortSignal,
): Promise<void> {
  const { source, engineNotes } = readFenceNotes(undo);
  const access = await openAccess(fleet, source);
  await fleet.holds.release(migrationId);
  const engine = engineOn(fleet, source.serverId);
  await onServer(source.serverId, () => engine.unfence(access, engineNotes, migrationId, signal));
}
