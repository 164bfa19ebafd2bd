import type { Answer } from "../core/answer.ts";
import { holdOf, isReadOnly, lastStepBefore, mayBeHeld } from "../core/hold.ts";
import type { Actor } from "../core/member.ts";
import type { Migration } from "../core/migration.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import type { Refusal } from "../core/verdict.ts";
import { editCard, post } from "./announce.ts";
import { ringOrLeaveToSweeper } from "./confirm-migration.ts";
import type { Dependencies } from "./dependencies.ts";
import { stale } from "./find-pressed.ts";
import { frozen } from "./refuse-frozen.ts";

interface Change {
  readonly deps: Dependencies;
  readonly migrationId: string;
  readonly by: Actor;
}

/**
 * Lets a migration stand still at its next safe point: at once before it has begun, at a gate, or in the middle of a
 * step that can be taken back; else when its present step is done. Refused from when its source is about to be closed.
 */
export async function pauseMigration(deps: Dependencies, migrationId: string, by: Actor): Promise<Answer> {
  const answer = await deps.store.transaction((tx) => pauseLocked(tx, { deps, migrationId, by }));
  deps.wakeSender();
  return answer;
}

/** Lets a paused migration go on. */
export async function resumeMigration(deps: Dependencies, migrationId: string, by: Actor): Promise<Answer> {
  const answer = await deps.store.transaction((tx) => resumeLocked(tx, { deps, migrationId, by }));
  deps.wakeSender();
  if (answer.kind === "resumed") await ringOrLeaveToSweeper(deps, migrationId);
  return answer;
}

async function pauseLocked(tx: StoreTransaction, change: Change): Promise<Answer> {
  const found = await tx.lockMigration(change.migrationId);
  const steps = found ? await tx.steps(found.id) : [];
  const refusal = refusePause(found, steps);
  if (refusal || !found) return { kind: "refused", refusal: refusal ?? stale(found, "pause") };
  if (found.desired === "pause") return pausedAnswer(found, steps);
  const asked = { desired: "pause", desiredBy: change.by } as const;
  const migration =
    found.state === "queued"
      ? await tx.moveMigration(found.id, "paused", asked)
      : await tx.patchMigration(found.id, asked);
  await tx.append({ migrationId: found.id, actor: actorName(change.by), type: "pause-asked" });
  // A worker tells it when it gets there.
  if (holdOf(migration, steps) === "held")
    await post(tx, migration, "note", { kind: "paused", migration, by: change.by });
  await editCard(tx, migration, change.deps.clock.now());
  return pausedAnswer(migration, steps);
}

function pausedAnswer(migration: Migration, steps: Awaited<ReturnType<StoreTransaction["steps"]>>): Answer {
  const last = lastStepBefore(steps);
  const after = last === undefined || last.hold === "stops" ? null : last.title;
  return { kind: "paused", migration, isStill: holdOf(migration, steps) === "held", after };
}

async function resumeLocked(tx: StoreTransaction, { deps, migrationId, by }: Change): Promise<Answer> {
  const freeze = await tx.freeze();
  const found = await tx.lockMigration(migrationId);
  if (freeze && found?.state === "paused")
    return { kind: "refused", refusal: frozen(freeze, "Nothing goes on now") };
  if (found?.desired !== "pause" || (found.state !== "paused" && found.state !== "running"))
    return { kind: "refused", refusal: found ? notPaused(found) : stale(found, "resume") };
  const asked = { desired: "run", desiredBy: null } as const;
  const migration =
    found.state === "paused"
      ? await tx.moveMigration(migrationId, "queued", asked)
      : await tx.patchMigration(migrationId, asked);
  await tx.append({ migrationId, actor: actorName(by), type: "resumed" });
  await post(tx, migration, "note", { kind: "resumed", migration, by });
  await editCard(tx, migration, deps.clock.now());
  return { kind: "resumed", migration };
}

function refusePause(
  found: Migration | undefined,
  steps: Parameters<typeof mayBeHeld>[1],
): Refusal | undefined {
  if (found?.state === "paused") return undefined;
  if (found?.state === "scheduled") return notBegun(found);
  if (found?.state !== "queued" && found?.state !== "running") return stale(found, "pause");
  if (found.desired === "cancel") return beingCancelled(found);
  if (mayBeHeld(found, steps)) return undefined;
  return found.pivotPassed ? pastPivot(found) : closing(found);
}

function notBegun({ source }: Migration): Refusal {
  return {
    code: "not-begun",
    summary: `The migration of ${source.addonName} has not begun: it starts at its time.`,
    remedy: "Cancel it if it is not to start.",
  };
}

function beingCancelled({ source }: Migration): Refusal {
  return {
    code: "being-cancelled",
    summary: `The migration of ${source.addonName} is being cancelled.`,
    remedy: "Wait for the end; the thread tells it.",
  };
}

function pastPivot({ source }: Migration): Refusal {
  return {
    code: "past-the-pivot",
    summary: `${source.addonName} has moved to its new database already, so there is nothing left to pause.`,
    remedy: "Wait for the end, which is near; the thread tells it.",
  };
}

/** A pause would keep the database closed, or leave alone what goes on without Godwit. */
function closing(migration: Migration): Refusal {
  const { addonName } = migration.source;
  const what = isReadOnly(migration)
    ? `${addonName} is read-only, and a pause would keep it closed.`
    : `The migration of ${addonName} has come to where it cannot stand still: the database is about to be read-only, or what happens goes on without Godwit.`;
  return {
    code: "cannot-pause",
    summary: what,
    remedy: "Let it go on, or cancel it: then the old database accepts writes again.",
  };
}

function notPaused({ source }: Migration): Refusal {
  return {
    code: "not-paused",
    summary: `The migration of ${source.addonName} is not paused.`,
    remedy: "See /db status.",
  };
}
