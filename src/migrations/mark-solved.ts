import type { Answer } from "../core/answer.ts";
import type { Actor } from "../core/member.ts";
import type { Migration } from "../core/migration.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import { redact } from "../core/redact.ts";
import type { Refusal } from "../core/verdict.ts";
import { editCard, editRoot, post } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { providerNamed } from "./find-addon.ts";
import { stale } from "./find-pressed.ts";
import { closeFailure } from "./runner/fail.ts";

/** A person's word that a stopped migration is in order, and what they did. */
export interface Solution {
  readonly migrationId: string;
  readonly by: Actor;
  readonly reason: string;
  /** The platform's ID of the press: a second delivery has no second effect. */
  readonly deliveryId?: string;
}

/** Characters of a reason; both platforms' forms take no more. */
const REASON_CHARACTERS = 500;

/** Ends a migration that waited for support, after a person has put things right by hand and said how. */
export async function markSolved(deps: Dependencies, solution: Solution): Promise<Answer> {
  const reason = redact(solution.reason.trim());
  const refusal = refuseReason(reason);
  if (refusal) return { kind: "refused", refusal };
  const answer = await deps.store.transaction((tx) => solveLocked(tx, deps, { ...solution, reason }));
  deps.wakeSender();
  return answer;
}

async function solveLocked(tx: StoreTransaction, deps: Dependencies, solution: Solution): Promise<Answer> {
  const { migrationId, by, reason, deliveryId } = solution;
  const found = await tx.lockMigration(migrationId);
  if (found?.state !== "needs_support") return { kind: "refused", refusal: stale(found, "solve") };
  if (deliveryId && !(await tx.receive(by.platform, deliveryId)))
    return { kind: "refused", refusal: stale(found, "solve") };
  const left = await leftBehind(tx, deps, found);
  const migration = await tx.moveMigration(migrationId, found.pivotPassed ? "succeeded" : "rolled_back", {
    finishedAt: deps.clock.now(),
    resolution: { by, reason },
  });
  await tx.append({ migrationId, actor: actorName(by), type: "solved", data: { reason, left } });
  // As it was: nobody looked where the database is, and the end alone does not tell.
  await closeFailure(tx, found);
  await post(tx, migration, "note", { kind: "solved", migration, by, reason, left });
  await editRoot(tx, migration);
  await editCard(tx, migration, deps.clock.now());
  return { kind: "solved", migration };
}

/**
 * What Godwit made and does not remove by itself from here on: by now a person may have put it into service by hand,
 * so it is named and nothing of it is touched.
 */
async function leftBehind(
  tx: Pick<StoreTransaction, "steps">,
  deps: Dependencies,
  migration: Migration,
): Promise<readonly string[]> {
  const provider = providerNamed(deps, migration.source.providerName);
  return provider.leftBehind?.(migration, await tx.steps(migration.id)) ?? [];
}

function refuseReason(reason: string): Refusal | undefined {
  if (reason === "")
    return {
      code: "reason-missing",
      summary: "A migration is marked as solved with a word on what was done.",
      remedy: "Press Mark as solved again and write what you did.",
    };
  if (reason.length <= REASON_CHARACTERS) return undefined;
  return {
    code: "reason-too-long",
    summary: `What was done must fit into ${REASON_CHARACTERS} characters.`,
    remedy: "Press Mark as solved again and write it shorter.",
  };
}
