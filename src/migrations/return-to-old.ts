import type { Answer } from "../core/answer.ts";
import type { Failure } from "../core/failure.ts";
import type { Actor } from "../core/member.ts";
import type { Migration } from "../core/migration.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import type { Refusal } from "../core/verdict.ts";
import { editCard, editRoot, post } from "./announce.ts";
import { cancelMigration } from "./cancel-migration.ts";
import { ringOrLeaveToSweeper } from "./confirm-migration.ts";
import type { Dependencies } from "./dependencies.ts";
import { stale } from "./find-pressed.ts";
import { closeFailure } from "./runner/fail.ts";

/** Who wants which migration taken back. */
export interface Return {
  readonly migrationId: string;
  readonly by: Actor;
}

/**
 * Takes back what stands of a migration, so that its add-on stays where it was. One that waits for support is undone
 * from where it stopped; one that runs is cancelled. Refused from the pivot on.
 */
export async function returnToOld(deps: Dependencies, wanted: Return): Promise<Answer> {
  const found = await deps.store.migration(wanted.migrationId);
  if (found?.state === "queued" || found?.state === "running" || found?.state === "paused")
    return cancelMigration(deps, wanted.migrationId, wanted.by);
  const answer = await deps.store.transaction((tx) => returnLocked(tx, { deps, wanted }));
  deps.wakeSender();
  if (answer.kind === "returning") await ringOrLeaveToSweeper(deps, wanted.migrationId);
  return answer;
}

interface Locked {
  readonly deps: Dependencies;
  readonly wanted: Return;
}

async function returnLocked(tx: StoreTransaction, { deps, wanted }: Locked): Promise<Answer> {
  const { migrationId, by } = wanted;
  const found = await tx.lockMigration(migrationId);
  if (found?.state !== "needs_support") return { kind: "refused", refusal: stale(found, "return") };
  if (found.pivotPassed) return { kind: "refused", refusal: pastThePivot(found) };
  if (found.failure?.stuck === true) return { kind: "refused", refusal: noWayBack(found, found.failure) };
  await closeFailure(tx, found);
  const migration = await tx.moveMigration(migrationId, "rolling_back");
  await tx.append({ migrationId, actor: actorName(by), type: "return-asked" });
  await post(tx, migration, "note", { kind: "returning", migration, by });
  await editRoot(tx, migration);
  await editCard(tx, migration, deps.clock.now());
  return { kind: "returning", migration };
}

function noWayBack({ source }: Migration, { remedy }: Failure): Refusal {
  const summary = `Godwit cannot take this migration of ${source.addonName} back: what became of it is decided elsewhere.`;
  return { code: "no-way-back", summary, remedy };
}

function pastThePivot({ source }: Migration): Refusal {
  return {
    code: "past-the-pivot",
    summary: `${source.addonName} has been switched over to its new database, so there is nothing left to take back.`,
    remedy: "Press Retry from this step, or let support put it in order and mark it as solved.",
  };
}
