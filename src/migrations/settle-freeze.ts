import type { Freeze } from "../core/freeze.ts";
import { mayBeHeld } from "../core/hold.ts";
import type { Migration } from "../core/migration.ts";
import type { StoreTransaction } from "../core/ports/store.ts";
import { editCard, post } from "./announce.ts";
import { ringOrLeaveToSweeper } from "./confirm-migration.ts";
import type { Dependencies } from "./dependencies.ts";

/**
 * Tells every migration that a freeze holds of it, once, and lets those that one held go on when it is over. Called by
 * whoever freezes, and by each sweep, so that a process that dies in between leaves nothing untold.
 */
export async function settleFreeze(deps: Dependencies): Promise<void> {
  for (const id of await deps.store.unsettledByFreeze()) {
    const goesOn = await deps.store.transaction((tx) => settleOne(tx, deps, id));
    deps.wakeSender();
    if (goesOn) await ringOrLeaveToSweeper(deps, id);
  }
}

/** True when the migration goes on and is to be rung for. */
async function settleOne(tx: StoreTransaction, deps: Dependencies, id: string): Promise<boolean> {
  const freeze = await tx.freeze();
  const found = await tx.lockMigration(id);
  if (!found) return false;
  if (!freeze) return thaw(tx, deps, found);
  if (mayBeHeld(found, await tx.steps(id))) await markFrozen(tx, found, { deps, freeze });
  return false;
}

/** Notes the freeze with a migration and tells its thread, unless that was done. */
export async function markFrozen(
  tx: StoreTransaction,
  found: Migration,
  { deps, freeze }: { readonly deps: Dependencies; readonly freeze: Freeze },
): Promise<Migration> {
  if (found.freeze?.id === freeze.id) return found;
  await tx.markFrozen(found.id, freeze);
  await tx.append({ migrationId: found.id, actor: "system", type: "frozen", data: { freeze: freeze.id } });
  const migration = await tx.patchMigration(found.id, {});
  // Whoever paused it holds it already, and for longer.
  if (found.desired !== "pause") await post(tx, migration, "note", { kind: "frozen", migration, freeze });
  await editCard(tx, migration, deps.clock.now());
  return migration;
}

async function thaw(tx: StoreTransaction, deps: Dependencies, found: Migration): Promise<boolean> {
  const over = await tx.markThawed(found.id);
  if (!over) return false;
  const isHeld = found.state === "paused" && found.desired === "run";
  const migration = isHeld
    ? await tx.moveMigration(found.id, "queued")
    : await tx.patchMigration(found.id, {});
  await tx.append({ migrationId: found.id, actor: "system", type: "unfrozen" });
  if (found.desired === "run")
    await post(tx, migration, "note", { kind: "unfrozen", migration, by: over.by });
  await editCard(tx, migration, deps.clock.now());
  return isHeld || found.state === "queued";
}
