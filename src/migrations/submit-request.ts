import type { Addon } from "../core/addon.ts";
import type { FormSelection, SubmitAnswer } from "../core/form.ts";
import { type Actor, actorOf, type Member, type Place } from "../core/member.ts";
import type { Migration, MigrationRequest } from "../core/migration.ts";
import { type Provider, snapshotOf } from "../core/ports/provider.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import { isBlocked } from "../core/preflight.ts";
import type { Schedule } from "../core/schedule.ts";
import type { Refusal } from "../core/verdict.ts";
import { post } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { findAddon } from "./find-addon.ts";
import { newMigrationId } from "./new-migration-id.ts";
import { fillForm, refuseSelection } from "./open-form.ts";
import { planHash } from "./plan-hash.ts";
import { refuseBusy } from "./refuse-busy.ts";
import { planStart } from "./schedule/plan-start.ts";

/** What is asked for, by whom and where. Without a place nothing is posted: the command line. */
export interface Request {
  readonly selection: FormSelection;
  readonly by: Actor;
  readonly place: Place | null;
  /** Set on the chat platforms: a second delivery of the same form has no second effect. */
  readonly deliveryId?: string;
  /** Of the person, where the platform tells. */
  readonly timeZone?: string;
}

/** Turns a member's submitted form into a request. */
export function requestOf(
  member: Member,
  place: Place,
  selection: FormSelection,
  deliveryId: string,
): Request {
  const { timeZone } = member;
  return { selection, by: actorOf(member), place, deliveryId, ...(timeZone !== undefined && { timeZone }) };
}

/**
 * Checks a request, runs preflight and stores a draft that waits for confirmation; its disclaimer goes to
 * the channel with it. A refused request stores nothing.
 */
export async function submitRequest(
  deps: Dependencies,
  request: Request,
  signal: AbortSignal,
): Promise<SubmitAnswer> {
  const found = await findAddon(deps, request.selection.addonId ?? "", signal);
  if (found.kind === "refused") return found;
  const { addon, provider } = found;
  const refusal =
    (await refuseBusy(deps, addon)) ?? (await refuseChoice(provider, addon, request.selection, signal));
  if (refusal) return { kind: "refused", refusal };
  const { selection, timeZone } = request;
  const schedule = planStart(deps, { start: selection.start, timeZone, provider, addon });
  if (schedule && "code" in schedule) return { kind: "refused", refusal: schedule };
  const draft = await draftOf({ provider, addon, request: { ...request, schedule }, signal });
  if ("code" in draft) return { kind: "refused", refusal: draft };
  const migration = await deps.store.transaction((tx) =>
    storeDraft(tx, draft, { request, mirrors: deps.mirrors }),
  );
  if (!migration) return { kind: "refused", refusal: submittedTwice(addon) };
  deps.wakeSender();
  return { kind: "posted", migration };
}

async function refuseChoice(
  provider: Provider,
  addon: Addon,
  chosen: FormSelection,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const options = await provider.options(addon, chosen.planId, signal);
  return refuseSelection(options, chosen);
}

interface DraftInput {
  readonly provider: Provider;
  readonly addon: Addon;
  readonly request: Pick<Request, "selection" | "by" | "place"> & { readonly schedule?: Schedule | null };
  readonly signal: AbortSignal;
}

/** Works out what a person is going to confirm: price, preflight, and the hash over both. */
export async function draftOf({
  provider,
  addon,
  request,
  signal,
}: DraftInput): Promise<MigrationRequest | Refusal> {
  const answer = await fillForm(provider, addon, request.selection, signal);
  if (answer.kind === "refused") return answer.refusal;
  if (answer.kind === "choose-addon") throw new Error("drafting a migration: no add-on was chosen");
  const { selection: target, quote, options } = answer.form;
  const targetPlan = options.plans.find(({ value }) => value.id === target.planId)?.value ?? addon.plan;
  const preflight = await provider.preflight(addon, target, signal);
  const draft = {
    source: snapshotOf(addon),
    target,
    targetPlan,
    quote,
    preflight,
    schedule: request.schedule ?? null,
    requestedBy: request.by,
    platform: request.place?.platform ?? ("cli" as const),
  };
  return { ...draft, planHash: planHash(draft) };
}

interface Asked {
  readonly request: Pick<Request, "by" | "place" | "deliveryId">;
  readonly mirrors: readonly Place[];
  /** The migration that the draft takes back. */
  readonly revertOf?: string;
}

/** Stores a draft with its thread and its disclaimer; undefined when this delivery has stored one before. */
export async function storeDraft(
  tx: StoreTransaction,
  draft: MigrationRequest,
  { request, mirrors, revertOf }: Asked,
): Promise<Migration | undefined> {
  const { place, deliveryId, by } = request;
  if (place && deliveryId && !(await tx.receive(place.platform, deliveryId))) return undefined;
  const inserted = await tx.insertMigration(newMigrationId(), draft, { revertOf });
  await tx.append({
    migrationId: inserted.id,
    actor: actorName(by),
    type: "requested",
    data: { planHash: draft.planHash, ...(revertOf !== undefined && { revertOf }) },
  });
  if (!place) return inserted;
  await openThreads(tx, inserted.id, [place, ...mirrorsOf(place, mirrors)]);
  const migration = await tx.patchMigration(inserted.id, { threadKey: inserted.id });
  await post(tx, migration, "root", {
    kind: "confirmation",
    migration,
    confirmable: !isBlocked(draft.preflight),
  });
  return migration;
}

/** Opens a conversation, and after it those that follow it on other platforms. */
async function openThreads(
  tx: StoreTransaction,
  key: string,
  [place, ...mirrors]: readonly Place[],
): Promise<void> {
  if (!place) return;
  await tx.openThread({ key, ...place });
  for (const mirror of mirrors)
    await tx.openThread({ key: `${key}/${mirror.platform}`, ...mirror, mirrorOf: key });
}

function mirrorsOf(place: Place, mirrors: readonly Place[]): readonly Place[] {
  return mirrors.filter(({ platform }) => platform !== place.platform);
}

function submittedTwice(addon: Addon): Refusal {
  return {
    code: "submitted-twice",
    summary: `This form for ${addon.name} was sent already.`,
    remedy: "Look for the message with the confirm button in the channel.",
  };
}
