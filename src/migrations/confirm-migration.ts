import type { Answer } from "../core/answer.ts";
import { crashPoint } from "../core/crash-point.ts";
import { isCarriedOver } from "../core/loss.ts";
import type { Actor } from "../core/member.ts";
import type { Migration, MigrationRequest } from "../core/migration.ts";
import { snapshotOf } from "../core/ports/provider.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import { isBlocked, lacksConsent } from "../core/preflight.ts";
import type { Refusal } from "../core/verdict.ts";
import { edit, editRoot, postCard } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { redraftRevert } from "./draft-revert.ts";
import { providerNamed } from "./find-addon.ts";
import { stale } from "./find-pressed.ts";
import { planHash } from "./plan-hash.ts";
import { unlessLocked } from "./refuse-busy.ts";
import { frozen } from "./refuse-frozen.ts";

/** A confirmation: which migration, what the person saw of it, who pressed. */
export interface Confirmation {
  readonly migrationId: string;
  readonly planHash: string | null;
  readonly by: Actor;
  readonly deliveryId?: string;
}

/**
 * Starts a draft, exactly once however often it is confirmed: compare-and-set on the state and on the hash
 * of what the person saw. The price is asked for again first.
 */
export async function confirmMigration(
  deps: Dependencies,
  confirmation: Confirmation,
  signal: AbortSignal,
): Promise<Answer> {
  const draft = await deps.store.migration(confirmation.migrationId);
  if (draft?.state !== "awaiting_confirmation") return { kind: "refused", refusal: alreadyOr(draft) };
  const fresh = await reprice(deps, draft, signal);
  const answer = await unlessLocked(deps, draft.source, () =>
    deps.store.transaction((tx) => confirmLocked(tx, { deps, confirmation, fresh })),
  );
  crashPoint("confirm: not rung for");
  deps.wakeSender();
  if (answer.kind === "confirmed" && answer.migration.state === "queued")
    await ringOrLeaveToSweeper(deps, answer.migration.id);
  return answer;
}

/** A ring that fails costs one sweep interval, nothing else. */
export async function ringOrLeaveToSweeper(deps: Dependencies, migrationId: string): Promise<void> {
  await deps.queue.ring(migrationId).catch(() => {
    deps.log.warn({ migrationId }, "queue could not be rung, the sweeper will");
  });
}

interface Locked {
  readonly deps: Dependencies;
  readonly confirmation: Confirmation;
  readonly fresh: MigrationRequest | Refusal;
}

async function confirmLocked(tx: StoreTransaction, { deps, confirmation, fresh }: Locked): Promise<Answer> {
  const { migrationId, by, deliveryId } = confirmation;
  const freeze = await tx.freeze();
  const draft = await tx.lockMigration(migrationId);
  if (draft?.state !== "awaiting_confirmation") return { kind: "refused", refusal: alreadyOr(draft) };
  const isLater = startsLater(draft, deps);
  if (freeze && !isLater) return { kind: "refused", refusal: frozen(freeze, "Nothing starts now") };
  if (deliveryId && !(await tx.receive(by.platform, deliveryId)))
    return { kind: "refused", refusal: alreadyOr(draft) };
  if (isBlocked(draft.preflight)) return { kind: "refused", refusal: blocked(draft) };
  if ("code" in fresh) return { kind: "refused", refusal: fresh };
  if (fresh.planHash !== confirmation.planHash) return showAnew(tx, draft, fresh);
  if (lacksConsent(draft)) return { kind: "refused", refusal: unconsented(draft) };
  if (draft.schedule && draft.schedule.startBy <= deps.clock.now())
    return { kind: "refused", refusal: startPassed(draft) };
  return start(tx, { deps, draft, by });
}

async function start(
  tx: StoreTransaction,
  { deps, draft, by }: { deps: Dependencies; draft: Migration; by: Actor },
): Promise<Answer> {
  const now = deps.clock.now();
  const migration = startsLater(draft, deps)
    ? await tx.moveMigration(draft.id, "scheduled", { confirmedBy: by })
    : await tx.moveMigration(draft.id, "queued", { confirmedBy: by, queuedAt: now });
  await tx.append({
    migrationId: draft.id,
    actor: actorName(by),
    type: "confirmed",
    data: { planHash: draft.planHash },
  });
  const steps = providerNamed(deps, draft.source.providerName).steps(migration);
  await tx.planSteps(draft.id, steps);
  await editRoot(tx, migration);
  await postCard(tx, migration, now);
  return { kind: "confirmed", migration };
}

function startsLater({ schedule }: Migration, { clock }: Dependencies): boolean {
  return Boolean(schedule && schedule.notBefore > clock.now());
}

/** The terms as they are now: add-on and price read again, preflight as the person saw it. */
async function reprice(
  deps: Dependencies,
  draft: Migration,
  signal: AbortSignal,
): Promise<MigrationRequest | Refusal> {
  if (draft.revertOf) return reviewRevert(deps, draft, signal);
  const provider = providerNamed(deps, draft.source.providerName);
  const addon = await provider.getAddon(draft.source.addonId, signal);
  if (!addon) return stale(undefined, "confirm");
  const { plans } = await provider.options(addon, draft.target.planId, signal);
  const offer = plans.find(({ value }) => value.id === draft.target.planId);
  if (!offer?.verdict.allowed)
    return offer && !offer.verdict.allowed ? offer.verdict.refusal : planGone(draft);
  const quote = await provider.quote(addon, offer.value, draft.target);
  const fresh = { ...draft, source: snapshotOf(addon), targetPlan: offer.value, quote };
  return { ...fresh, planHash: planHash(fresh) };
}

/** Whether there still is a way back, on the same terms; what it loses is as the person saw it. */
async function reviewRevert(
  deps: Dependencies,
  draft: Migration,
  signal: AbortSignal,
): Promise<MigrationRequest | Refusal> {
  const fresh = await redraftRevert(deps, draft, { by: draft.requestedBy, isCounted: false, signal });
  if ("code" in fresh) return fresh;
  const { loss } = draft.preflight;
  // Nothing was counted for a draft that lost nothing.
  if (isCarriedOver(loss) !== isCarriedOver(fresh.preflight.loss))
    return redraftRevert(deps, draft, { by: draft.requestedBy, isCounted: true, signal });
  return { ...fresh, preflight: { ...fresh.preflight, ...(loss && { loss }) } };
}

async function showAnew(tx: StoreTransaction, draft: Migration, fresh: MigrationRequest): Promise<Answer> {
  const { source, targetPlan, quote, preflight, planHash } = fresh;
  const migration = await tx.patchMigration(draft.id, { source, targetPlan, quote, preflight, planHash });
  await edit(tx, migration, "root", { kind: "confirmation", migration, confirmable: true });
  return { kind: "refused", refusal: termsChanged(draft) };
}

/** Why a press on a plan that was written anew since has no effect. */
export function termsChanged({ source }: Pick<Migration, "source">): Refusal {
  return {
    code: "terms-changed",
    summary: `The terms of this migration of ${source.addonName} have changed since this message was written.`,
    remedy: "Read the message again; it is up to date now.",
  };
}

/** Why a migration cannot be confirmed any more, with who was first. */
export function alreadyOr(draft: Migration | undefined): Refusal {
  if (!draft?.confirmedBy) return stale(draft, "confirm");
  return {
    code: "already-confirmed",
    summary: `${draft.confirmedBy.name} has confirmed this migration of ${draft.source.addonName} already.`,
    remedy: "Follow it in the thread of this message.",
  };
}

function blocked(draft: Migration): Refusal {
  return {
    code: "blocked",
    summary: `Something stands in the way of migrating ${draft.source.addonName}.`,
    remedy: "Do what the message says under each blocker, then press Check again.",
  };
}

/** The platforms show no button for it; a press may come from a message that was written before. */
function unconsented(draft: Migration): Refusal {
  return {
    code: "consent-missing",
    summary: `Nobody has consented yet to what this migration of ${draft.source.addonName} asks consent for.`,
    remedy: "Read what the message marks with Consent, press Give consent, then confirm.",
  };
}

function startPassed({ source }: Migration): Refusal {
  return {
    code: "start-passed",
    summary: `The time at which the migration of ${source.addonName} was to start is over.`,
    remedy: "Start anew with /db migrate and pick another time.",
  };
}

function planGone(draft: Migration): Refusal {
  const summary = `The plan ${draft.targetPlan.name} is not offered any more.`;
  return { code: "plan-gone", summary, remedy: "Start anew with /db migrate." };
}
