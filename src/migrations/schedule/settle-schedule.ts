import type { Migration, MigrationRequest } from "../../core/migration.ts";
import type { DueSchedule, StoreTransaction } from "../../core/ports/store.ts";
import { isBlocked } from "../../core/preflight.ts";
import type { Schedule } from "../../core/schedule.ts";
import { editCard, editRoot, post } from "../announce.ts";
import { ringOrLeaveToSweeper } from "../confirm-migration.ts";
import type { Dependencies } from "../dependencies.ts";
import { frozen } from "../refuse-frozen.ts";
import { changesSince, lookAgain } from "./look-again.ts";

/** A scheduled migration, read with a lock. */
type Scheduled = Migration & { readonly schedule: Schedule };

/** Does what time has brought to a scheduled migration. */
export async function settleSchedule(
  deps: Dependencies,
  { migrationId, due }: DueSchedule,
  signal: AbortSignal,
): Promise<void> {
  switch (due) {
    case "look":
      return lookBeforeStart(deps, migrationId, signal);
    case "remind":
      return onScheduled(deps, migrationId, (tx, found) => remind(tx, found));
    case "expire":
      return onScheduled(deps, migrationId, (tx, found) => expire(tx, deps, found));
    case "start": {
      let isStarted = false;
      await onScheduled(deps, migrationId, async (tx, found) => {
        isStarted = await startOrHold(tx, deps, found);
      });
      if (isStarted) await ringOrLeaveToSweeper(deps, migrationId);
    }
  }
}

/**
 * Runs preflight again shortly before the start: what has changed is told and holds the start for a person. A
 * provider that cannot be asked is asked again until the start.
 */
async function lookBeforeStart(deps: Dependencies, migrationId: string, signal: AbortSignal): Promise<void> {
  const migration = await deps.store.migration(migrationId);
  if (migration?.state !== "scheduled") return;
  const fresh = await lookAgain(deps, migration, signal);
  await onScheduled(deps, migrationId, async (tx, found) => {
    if (found.schedule.lookedAt !== null || found.schedule.heldFor !== null) return;
    if ("code" in fresh) {
      if (await tx.isDue(migrationId)) await hold(tx, deps, { found, reason: fresh.summary });
      return;
    }
    await concludeLook(tx, deps, { found, fresh });
  });
}

interface Looked {
  readonly found: Scheduled;
  readonly fresh: MigrationRequest;
}

/** Holds what has changed, with the terms as they are now; else tells that it starts soon. */
export async function concludeLook(
  tx: StoreTransaction,
  deps: Dependencies,
  { found, fresh }: Looked,
): Promise<Migration> {
  const changes = changesSince(found, fresh);
  const { source, targetPlan, quote, preflight, planHash } = fresh;
  await tx.patchMigration(found.id, { source, targetPlan, quote, preflight, planHash });
  if (changes.length > 0 || isBlocked(preflight)) return hold(tx, deps, { found, reason: changes.join(" ") });
  const lookedAt = deps.clock.now();
  await tx.putSchedule(found.id, { ...found.schedule, lookedAt, heldFor: null });
  await tx.append({ migrationId: found.id, actor: "system", type: "looked-before-start" });
  const migration = await tx.patchMigration(found.id, {});
  await post(tx, migration, "note", { kind: "start-reminder", migration, isChecked: true });
  await editRoot(tx, migration);
  return migration;
}

async function remind(tx: StoreTransaction, migration: Scheduled): Promise<void> {
  if (!(await tx.markReminded(migration.id))) return;
  await post(tx, migration, "note", { kind: "start-reminder", migration, isChecked: false });
}

/** True when it has started; held when it may not start by itself. */
async function startOrHold(tx: StoreTransaction, deps: Dependencies, found: Scheduled): Promise<boolean> {
  const { heldFor, startBy } = found.schedule;
  if (heldFor !== null || !(await tx.isDue(found.id))) return false;
  const freeze = await tx.freeze();
  const isLate = deps.clock.now() > startBy;
  if (freeze || isLate) {
    const reason = freeze ? frozen(freeze, "It does not start").summary : LATE;
    await hold(tx, deps, { found, reason });
    return false;
  }
  await startQueued(tx, deps, { found, actor: "system" });
  return true;
}

const LATE = "Godwit did not run when it was to start, and it is too late to start it unasked.";

/** Moves a scheduled migration to the queue. */
export async function startQueued(
  tx: StoreTransaction,
  deps: Dependencies,
  { found, actor }: { readonly found: Migration; readonly actor: string },
): Promise<Migration> {
  const now = deps.clock.now();
  const migration = await tx.moveMigration(found.id, "queued", { queuedAt: now });
  await tx.append({ migrationId: found.id, actor, type: "start-came" });
  await editRoot(tx, migration);
  await editCard(tx, migration, now);
  return migration;
}

/** Keeps a migration from starting by itself, tells why, and asks whoever wanted it. */
async function hold(
  tx: StoreTransaction,
  deps: Dependencies,
  { found, reason }: { readonly found: Scheduled; readonly reason: string },
): Promise<Migration> {
  const now = deps.clock.now();
  const heldFor = reason || "Something stands in the way.";
  await tx.putSchedule(found.id, { ...found.schedule, lookedAt: now, heldFor });
  await tx.append({ migrationId: found.id, actor: "system", type: "start-held", data: { reason: heldFor } });
  const migration = await tx.patchMigration(found.id, {});
  await post(tx, migration, "note", { kind: "start-held", migration });
  await editRoot(tx, migration);
  await editCard(tx, migration, now);
  return migration;
}

async function expire(tx: StoreTransaction, deps: Dependencies, found: Scheduled): Promise<void> {
  const migration = await tx.moveMigration(found.id, "expired", { finishedAt: deps.clock.now() });
  await tx.append({ migrationId: found.id, actor: "system", type: "expired" });
  await editRoot(tx, migration);
  await editCard(tx, migration, deps.clock.now());
}

async function onScheduled(
  deps: Dependencies,
  migrationId: string,
  act: (tx: StoreTransaction, found: Scheduled) => Promise<unknown>,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    await tx.freeze();
    const found = await tx.lockMigration(migrationId);
    if (found?.state === "scheduled" && found.schedule) await act(tx, { ...found, schedule: found.schedule });
  });
  deps.wakeSender();
}
