import type { Answer } from "../core/answer.ts";
import { mayBeHeld } from "../core/hold.ts";
import type { Actor } from "../core/member.ts";
import type { Migration, MigrationRequest, MigrationState } from "../core/migration.ts";
import { isSameMoney } from "../core/money.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import { consentsOf, isBlocked } from "../core/preflight.ts";
import { LIVE_STATES } from "../core/transitions.ts";
import type { Refusal } from "../core/verdict.ts";
import { editCard, post, postCard } from "./announce.ts";
import { ringOrLeaveToSweeper } from "./confirm-migration.ts";
import type { Dependencies } from "./dependencies.ts";
import { draftAgain } from "./draft-again.ts";
import { providerNamed } from "./find-addon.ts";
import { stale } from "./find-pressed.ts";
import { newMigrationId } from "./new-migration-id.ts";
import { redoOf } from "./redo-of.ts";
import { refuseBusy, unlessLocked } from "./refuse-busy.ts";
import { frozen } from "./refuse-frozen.ts";
import { closeFailure } from "./runner/fail.ts";

/** A retry: which migration, who asked, and the platform's ID of the press. */
export interface Retry {
  readonly migrationId: string;
  readonly by: Actor;
  readonly deliveryId?: string;
}

/**
 * Tries a failed migration again. After the pivot the same migration goes on from its failed step; a
 * migration that was returned to the old database starts anew in the same thread, on the same terms.
 */
export async function retryMigration(deps: Dependencies, retry: Retry, signal: AbortSignal): Promise<Answer> {
  const failed = await deps.store.migration(retry.migrationId);
  const answer = await chooseRetry(deps, failed, { retry, signal });
  deps.wakeSender();
  if (answer.kind === "retrying") await ringOrLeaveToSweeper(deps, answer.migration.id);
  return answer;
}

/** States of migrations that somebody has confirmed. */
const BEGUN: readonly MigrationState[] = [...LIVE_STATES, "succeeded", "rolled_back", "cancelled"];

async function chooseRetry(
  deps: Dependencies,
  failed: Migration | undefined,
  { retry, signal }: { retry: Retry; signal: AbortSignal },
): Promise<Answer> {
  if (failed?.state === "needs_support") return deps.store.transaction((tx) => goOn(tx, { deps, retry }));
  if (failed?.state !== "rolled_back") return { kind: "refused", refusal: stale(failed, "retry") };
  const superseded = await refuseSuperseded(deps, failed);
  if (superseded) return { kind: "refused", refusal: superseded };
  return startAnew(deps, failed, { retry, signal });
}

async function goOn(
  tx: StoreTransaction,
  { deps, retry }: { deps: Dependencies; retry: Retry },
): Promise<Answer> {
  const { migrationId, by } = retry;
  const freeze = await tx.freeze();
  const failed = await tx.lockMigration(migrationId);
  if (failed?.state !== "needs_support") return { kind: "refused", refusal: stale(failed, "retry") };
  if (!(await isFirst(tx, retry))) return { kind: "refused", refusal: stale(failed, "retry") };
  const steps = await tx.steps(migrationId);
  if (freeze && mayBeHeld(failed, steps))
    return { kind: "refused", refusal: frozen(freeze, "Nothing starts now") };
  const redo = redoOf(failed, steps);
  await closeFailure(tx, failed);
  await redoSteps(tx, failed);
  const isWritable = failed.readOnlyUntil !== null && !failed.pivotPassed;
  const migration = await tx.moveMigration(migrationId, "queued", {
    failure: null,
    desired: "run",
    desiredBy: null,
    ...(isWritable && { readOnlyFrom: null, readOnlyUntil: null }),
  });
  await tx.append({ migrationId, actor: actorName(by), type: "retried" });
  await post(tx, migration, "note", {
    kind: "retrying",
    migration,
    by,
    redo,
  });
  await editCard(tx, migration, deps.clock.now());
  return { kind: "retrying", migration };
}

const ANEW = { attempt: 0, crashes: 0, crashStreak: 0, waitingFor: null } as const;

/**
 * Lets steps run again. What an undone one noted is forgotten: it speaks of something that is gone, such as
 * rights as they were before a fence that was lifted since.
 */
async function redoSteps(tx: StoreTransaction, { id }: Migration): Promise<void> {
  for (const { name, status } of await tx.steps(id)) {
    if (status === "failed" || status === "undone")
      await tx.patchStep(id, name, { status: "pending", ...ANEW });
    if (status === "undone") await tx.patchStep(id, name, { checkpoint: null, startedAt: null });
  }
}

async function startAnew(
  deps: Dependencies,
  failed: Migration,
  { retry, signal }: { retry: Retry; signal: AbortSignal },
): Promise<Answer> {
  const { addonId: id, addonName: name } = failed.source;
  const refusal = await refuseBusy(deps, { id, name });
  if (refusal) return { kind: "refused", refusal };
  const draft = await draftAgain(deps, failed, { by: retry.by, signal });
  if ("code" in draft) return { kind: "refused", refusal: draft };
  const changed = refuseChanged(failed, draft);
  if (changed) return { kind: "refused", refusal: changed };
  const request = { ...draft, platform: failed.platform };
  return unlessLocked(deps, failed.source, () =>
    deps.store.transaction((tx) => insertRetry(tx, { deps, failed, retry, request })),
  );
}

interface NewAttempt {
  readonly deps: Dependencies;
  readonly failed: Migration;
  readonly retry: Retry;
  readonly request: MigrationRequest;
}

async function insertRetry(
  tx: StoreTransaction,
  { deps, failed, retry, request }: NewAttempt,
): Promise<Answer> {
  if (!(await isFirst(tx, retry))) return { kind: "refused", refusal: stale(failed, "retry") };
  const freeze = await tx.freeze();
  if (freeze) return { kind: "refused", refusal: frozen(freeze, "Nothing starts now") };
  await tx.lockMigration(failed.id);
  await closeFailure(tx, failed);
  const now = deps.clock.now();
  const { id } = await tx.insertMigration(newMigrationId(), request, {
    retryOf: failed.id,
    revertOf: failed.revertOf ?? undefined,
    state: "queued",
  });
  const { by } = retry;
  const migration = await tx.patchMigration(id, {
    threadKey: failed.threadKey,
    confirmedBy: by,
    queuedAt: now,
    // The same yes, by whoever gave it: what the new plan asks for was among it.
    ...(failed.consent && { consent: { ...failed.consent, planHash: request.planHash } }),
  });
  await tx.append({ migrationId: id, actor: actorName(by), type: "confirmed", data: { retryOf: failed.id } });
  const steps = providerNamed(deps, failed.source.providerName).steps(migration);
  await tx.planSteps(id, steps);
  await post(tx, migration, "note", {
    kind: "retrying",
    migration,
    by,
    redo: steps.map(({ title }) => title),
  });
  await postCard(tx, migration, now);
  return { kind: "retrying", migration };
}

/** What failed before later migrations of the same add-on is history, and its terms are too. */
async function refuseSuperseded(deps: Dependencies, failed: Migration): Promise<Refusal | undefined> {
  const later = await deps.store.migrations({ addonId: failed.source.addonId, states: BEGUN, limit: 1 });
  if (!later[0] || later[0].id === failed.id) return undefined;
  const summary = `${failed.source.addonName} has been migrated again since this failure (${later[0].id}).`;
  return { code: "superseded", summary, remedy: "Start anew with /db migrate if it is still wanted." };
}

async function isFirst(tx: StoreTransaction, { deliveryId, by }: Retry): Promise<boolean> {
  return deliveryId === undefined || tx.receive(by.platform, deliveryId);
}

/** A retry starts without a new confirmation, so it must be what was confirmed before. */
function refuseChanged(failed: Migration, draft: MigrationRequest): Refusal | undefined {
  const { addonName } = failed.source;
  if (isBlocked(draft.preflight)) {
    const reasons = draft.preflight.findings
      .filter(({ level }) => level === "blocker")
      .map(({ summary }) => summary);
    const summary = `Something stands in the way of migrating ${addonName}: ${reasons.join(" ")}`;
    return {
      code: "blocked",
      summary,
      remedy: "Resolve it, then try again; or start anew with /db migrate.",
    };
  }
  if (asksMore(failed, draft)) {
    const summary = `Migrating ${addonName} asks for a consent that nobody has given to the plan that was confirmed.`;
    return { code: "consent-missing", summary, remedy: "Start anew with /db migrate and read the new plan." };
  }
  if (
    isSameMoney(draft.quote.before, failed.quote.before) &&
    isSameMoney(draft.quote.after, failed.quote.after)
  )
    return undefined;
  const summary = `The price of migrating ${addonName} has changed since it was confirmed.`;
  return { code: "terms-changed", summary, remedy: "Start anew with /db migrate and read the new price." };
}

function asksMore(failed: Migration, draft: MigrationRequest): boolean {
  const given = failed.consent ? consentsOf(failed.preflight).map(({ check }) => check) : [];
  return consentsOf(draft.preflight).some(({ check }) => !given.includes(check));
}
