import type { Answer } from "../../core/answer.ts";
import type { Actor } from "../../core/member.ts";
import type { Migration, MigrationRequest } from "../../core/migration.ts";
import { actorName, type StoreTransaction } from "../../core/ports/store.ts";
import { isBlocked } from "../../core/preflight.ts";
import type { Refusal } from "../../core/verdict.ts";
import { ringOrLeaveToSweeper } from "../confirm-migration.ts";
import type { Dependencies } from "../dependencies.ts";
import { stale } from "../find-pressed.ts";
import { frozen } from "../refuse-frozen.ts";
import { changesSince, lookAgain } from "./look-again.ts";
import { concludeLook, startQueued } from "./settle-schedule.ts";

interface Order {
  readonly migrationId: string;
  /** Of the message that the person pressed under; absent on commands. */
  readonly planHash?: string | null;
  readonly by: Actor;
}

/** Starts a scheduled migration now, after a look whether it still is what was confirmed, or was shown since. */
export async function startScheduled(deps: Dependencies, order: Order, signal: AbortSignal): Promise<Answer> {
  return onFresh(deps, order, {
    signal,
    act: (tx, found, fresh) => startLocked(tx, deps, { found, fresh, order }),
  });
}

/** Looks again at a scheduled migration that is held: when nothing stands in its way any more, it starts at its time. */
export async function recheckScheduled(
  deps: Dependencies,
  order: Order,
  signal: AbortSignal,
): Promise<Answer> {
  const act = async (tx: StoreTransaction, found: Migration, fresh: MigrationRequest): Promise<Answer> => {
    const { schedule } = found;
    if (!schedule) return { kind: "refused", refusal: stale(found, "recheck") };
    return {
      kind: "rechecked",
      migration: await concludeLook(tx, deps, { found: { ...found, schedule }, fresh }),
    };
  };
  return onFresh(deps, order, { signal, act });
}

interface Work {
  readonly signal: AbortSignal;
  readonly act: (tx: StoreTransaction, found: Migration, fresh: MigrationRequest) => Promise<Answer>;
}

async function onFresh(deps: Dependencies, { migrationId }: Order, { signal, act }: Work): Promise<Answer> {
  const before = await deps.store.migration(migrationId);
  if (before?.state !== "scheduled") return { kind: "refused", refusal: stale(before, "start") };
  const fresh = await lookAgain(deps, before, signal);
  if ("code" in fresh) return { kind: "refused", refusal: fresh };
  const answer = await deps.store.transaction(async (tx): Promise<Answer> => {
    await tx.freeze();
    const found = await tx.lockMigration(migrationId);
    if (found?.state !== "scheduled") return { kind: "refused", refusal: stale(found, "start") };
    return act(tx, found, fresh);
  });
  deps.wakeSender();
  if (answer.kind === "confirmed") await ringOrLeaveToSweeper(deps, migrationId);
  return answer;
}

interface Starting {
  readonly found: Migration;
  readonly fresh: MigrationRequest;
  readonly order: Order;
}

async function startLocked(
  tx: StoreTransaction,
  deps: Dependencies,
  { found, fresh, order }: Starting,
): Promise<Answer> {
  const freeze = await tx.freeze();
  if (freeze) return { kind: "refused", refusal: frozen(freeze, "Nothing starts now") };
  const seen = order.planHash ?? found.planHash;
  if (seen !== found.planHash || isBlocked(fresh.preflight) || changesSince(found, fresh).length > 0) {
    if (found.schedule)
      await concludeLook(tx, deps, { found: { ...found, schedule: found.schedule }, fresh });
    return { kind: "refused", refusal: changed(found) };
  }
  const migration = await startQueued(tx, deps, { found, actor: actorName(order.by) });
  return { kind: "confirmed", migration };
}

function changed({ source }: Migration): Refusal {
  return {
    code: "terms-changed",
    summary: `The migration of ${source.addonName} is not what that message says any more, or something stands in its way.`,
    remedy: "Read the newest message in its thread, then decide there.",
  };
}
