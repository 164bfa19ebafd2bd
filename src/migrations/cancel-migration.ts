import type { Answer } from "../core/answer.ts";
import type { Actor } from "../core/member.ts";
import type { Migration } from "../core/migration.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import type { Refusal } from "../core/verdict.ts";
import { edit, editCard, editRoot } from "./announce.ts";
import { ringOrLeaveToSweeper } from "./confirm-migration.ts";
import type { Dependencies } from "./dependencies.ts";
import { providerNamed } from "./find-addon.ts";
import { stale } from "./find-pressed.ts";

/**
 * Cancels a migration: at once before it has ever run; later, before the pivot, its worker stops and takes
 * everything back; from the pivot on it is refused.
 */
export async function cancelMigration(deps: Dependencies, migrationId: string, by: Actor): Promise<Answer> {
  const answer = await deps.store.transaction((tx) => cancelLocked(tx, { deps, migrationId, by }));
  deps.wakeSender();
  if (answer.kind === "cancelling") await ringOrLeaveToSweeper(deps, migrationId);
  return answer;
}

interface Cancellation {
  readonly deps: Dependencies;
  readonly migrationId: string;
  readonly by: Actor;
}

async function cancelLocked(tx: StoreTransaction, cancellation: Cancellation): Promise<Answer> {
  const migration = await tx.lockMigration(cancellation.migrationId);
  switch (migration?.state) {
    case "awaiting_confirmation":
    case "scheduled":
      return cancelAtOnce(tx, migration, cancellation);
    case "queued":
      if (!migration.startedAt) return cancelAtOnce(tx, migration, cancellation);
      return cancelRunning(tx, migration, cancellation);
    case "running":
      return cancelRunning(tx, migration, cancellation);
    case "paused":
      if (!migration.startedAt) return cancelAtOnce(tx, migration, cancellation);
      return cancelPaused(tx, migration, cancellation);
    case undefined:
    case "rolling_back":
    case "succeeded":
    case "rolled_back":
    case "needs_support":
    case "cancelled":
    case "expired":
    case "rejected":
      return { kind: "refused", refusal: stale(migration, "cancel") };
  }
}

async function cancelAtOnce(
  tx: StoreTransaction,
  found: Migration,
  { deps, by }: Cancellation,
): Promise<Answer> {
  const finishedAt = deps.clock.now();
  const migration = await tx.moveMigration(found.id, "cancelled", {
    desired: "cancel",
    desiredBy: by,
    finishedAt,
  });
  await tx.append({ migrationId: found.id, actor: actorName(by), type: "cancelled" });
  await editRoot(tx, migration);
  if (found.queuedAt || found.state === "scheduled")
    await edit(tx, migration, "card", { kind: "cancelled", migration, by, started: false });
  return { kind: "cancelled", migration };
}

async function cancelRunning(
  tx: StoreTransaction,
  found: Migration,
  { deps, by }: Cancellation,
): Promise<Answer> {
  const refusal = await refuseLate(tx, found, deps);
  if (refusal) return { kind: "refused", refusal };
  if (found.desired === "cancel") return { kind: "cancelling", migration: found };
  const migration = await tx.patchMigration(found.id, { desired: "cancel", desiredBy: by });
  await tx.append({ migrationId: found.id, actor: actorName(by), type: "cancel-asked" });
  await editCard(tx, migration, deps.clock.now());
  return { kind: "cancelling", migration };
}

/** It stands at a safe point, so that nothing has to stop first: a worker takes everything back. */
async function cancelPaused(
  tx: StoreTransaction,
  found: Migration,
  { deps, by }: Cancellation,
): Promise<Answer> {
  const migration = await tx.moveMigration(found.id, "rolling_back", { desired: "cancel", desiredBy: by });
  await tx.append({ migrationId: found.id, actor: actorName(by), type: "cancel-asked" });
  await editCard(tx, migration, deps.clock.now());
  return { kind: "cancelling", migration };
}

async function refuseLate(
  tx: StoreTransaction,
  migration: Migration,
  deps: Dependencies,
): Promise<Refusal | undefined> {
  const provider = providerNamed(deps, migration.source.providerName);
  const pivot = provider.steps(migration).find((step) => step.pivot)?.name;
  const records = await tx.steps(migration.id);
  const switching = records.some(({ name, status }) => name === pivot && status === "running");
  if (provider.capabilities.cancel && !migration.pivotPassed && !switching) return undefined;
  return {
    code: "past-the-pivot",
    summary: `${migration.source.addonName} is already being switched over to its new database, which cannot be undone by a cancel.`,
    remedy: "Follow it in its thread, which tells how it ends.",
  };
}
