import type { MigrationState } from "../core/migration.ts";
import type { Consideration, Press, PressAction } from "../core/ports/chat.ts";
import { alreadyOr } from "./confirm-migration.ts";
import type { Dependencies } from "./dependencies.ts";
import { stale } from "./find-pressed.ts";
import { isMigrationId } from "./new-migration-id.ts";
import { redoOf } from "./redo-of.ts";

/** States in which a button still has an effect. */
const POSSIBLE: Readonly<Record<PressAction, readonly MigrationState[]>> = {
  confirm: ["awaiting_confirmation"],
  consent: ["awaiting_confirmation"],
  recheck: ["awaiting_confirmation", "scheduled"],
  start: ["scheduled"],
  cancel: ["awaiting_confirmation", "scheduled", "queued", "running", "paused"],
  retry: ["needs_support", "rolled_back"],
  acknowledge: ["running", "rolling_back", "rolled_back", "needs_support"],
  solve: ["needs_support"],
  return: ["queued", "running", "paused", "needs_support"],
  redeploy: ["succeeded"],
  revert: ["succeeded"],
  wait: ["running"],
  page: ["running", "rolling_back", "paused", "needs_support"],
  switch: ["queued", "running"],
  disarm: ["queued", "running"],
  pause: ["queued", "running"],
  resume: ["queued", "running", "paused"],
};

/** Tells whether a press would have an effect now, before a dialog asks for it. Changes nothing. */
export async function considerPress(
  { store }: Pick<Dependencies, "store">,
  { action, migrationId }: Pick<Press, "action" | "migrationId">,
): Promise<Consideration> {
  const migration = isMigrationId(migrationId) ? await store.migration(migrationId) : undefined;
  if (migration && POSSIBLE[action].includes(migration.state))
    return { kind: "possible", migration, redo: redoOf(migration, await store.steps(migrationId)) };
  const refusal = action === "confirm" ? alreadyOr(migration) : stale(migration, action);
  return { kind: "refused", refusal };
}
