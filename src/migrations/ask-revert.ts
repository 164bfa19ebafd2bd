import type { Answer } from "../core/answer.ts";
import type { Actor, Place } from "../core/member.ts";
import type { Migration, MigrationState } from "../core/migration.ts";
import { LIVE_STATES } from "../core/transitions.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";
import { draftRevert } from "./draft-revert.ts";
import { stale } from "./find-pressed.ts";
import { refuseBusy } from "./refuse-busy.ts";
import { storeDraft } from "./submit-request.ts";

/** Who wants which migration reverted, and where that is to be told. */
export interface RevertRequest {
  readonly migrationId: string;
  readonly by: Actor;
  readonly place: Place;
  /** The platform's ID of the press: a second delivery has no second effect. */
  readonly deliveryId?: string;
}

/** States of migrations after which an add-on may be elsewhere. */
const MOVED: readonly MigrationState[] = [...LIVE_STATES, "succeeded"];

/**
 * Works out what a return to the old database would lose, and posts it as a draft that waits for confirmation like any
 * other. Refused when the old database is gone or the add-on has moved on.
 */
export async function askRevert(
  deps: Dependencies,
  request: RevertRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const done = await deps.store.migration(request.migrationId);
  if (done?.state !== "succeeded") return { kind: "refused", refusal: stale(done, "revert") };
  const { addonId: id, addonName: name } = done.source;
  const refusal = (await refuseBusy(deps, { id, name })) ?? (await refuseSuperseded(deps, done));
  if (refusal) return { kind: "refused", refusal };
  const draft = await draftRevert(deps, done, { by: request.by, isCounted: true, signal });
  if ("code" in draft) return { kind: "refused", refusal: draft };
  const place = await channelFor(deps, done, request);
  const { platform } = place;
  const asked = { ...request, place };
  const migration = await deps.store.transaction((tx) =>
    storeDraft(tx, { ...draft, platform }, { request: asked, mirrors: deps.mirrors, revertOf: done.id }),
  );
  if (!migration) return { kind: "refused", refusal: askedTwice(name) };
  deps.wakeSender();
  return { kind: "revert-asked", migration };
}

/** Where the migration was posted, for a press in its thread: on some platforms a thread is a place of its own. */
async function channelFor(
  { store }: Dependencies,
  { threadKey }: Migration,
  { place, deliveryId }: RevertRequest,
): Promise<Place> {
  const thread = threadKey === null || deliveryId === undefined ? undefined : await store.thread(threadKey);
  if (thread?.platform !== place.platform) return place;
  return { ...place, channel: thread.channel };
}

async function refuseSuperseded(deps: Dependencies, done: Migration): Promise<Refusal | undefined> {
  const { addonId, addonName } = done.source;
  const [newest] = await deps.store.migrations({ addonId, states: MOVED, limit: 1 });
  if (!newest || newest.id === done.id) return undefined;
  return {
    code: "superseded",
    summary: `${addonName} has been migrated again since (${newest.id}), so the database that it left then is out of date.`,
    remedy: `Type /db revert ${addonName} to take the newest migration back.`,
  };
}

function askedTwice(addonName: string): Refusal {
  return {
    code: "asked-twice",
    summary: `A return of ${addonName} was asked for by this button already.`,
    remedy: "Look for the message with the confirm button in the channel.",
  };
}
