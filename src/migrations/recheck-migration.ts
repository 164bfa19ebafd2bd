import type { Answer } from "../core/answer.ts";
import type { Actor } from "../core/member.ts";
import { actorName } from "../core/ports/store.ts";
import { isBlocked } from "../core/preflight.ts";
import { edit } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { draftAgain } from "./draft-again.ts";
import { stale } from "./find-pressed.ts";
import { recheckScheduled } from "./schedule/start-scheduled.ts";

/** Runs preflight again for a draft and rewrites its disclaimer with the result. */
export async function recheckMigration(
  deps: Dependencies,
  migrationId: string,
  by: Actor,
  signal: AbortSignal,
): Promise<Answer> {
  const draft = await deps.store.migration(migrationId);
  if (draft?.state === "scheduled") return recheckScheduled(deps, { migrationId, by }, signal);
  if (draft?.state !== "awaiting_confirmation") return { kind: "refused", refusal: stale(draft, "recheck") };
  const fresh = await draftAgain(deps, draft, { by, signal });
  if ("code" in fresh) return { kind: "refused", refusal: fresh };
  const { source, targetPlan, preflight, quote, planHash } = fresh;
  const answer = await deps.store.transaction(async (tx): Promise<Answer> => {
    const locked = await tx.lockMigration(migrationId);
    if (locked?.state !== "awaiting_confirmation")
      return { kind: "refused", refusal: stale(locked, "recheck") };
    const migration = await tx.patchMigration(migrationId, {
      source,
      targetPlan,
      preflight,
      quote,
      planHash,
    });
    await tx.append({ migrationId, actor: actorName(by), type: "rechecked", data: { planHash } });
    await edit(tx, migration, "root", {
      kind: "confirmation",
      migration,
      confirmable: !isBlocked(preflight),
    });
    return { kind: "rechecked", migration };
  });
  deps.wakeSender();
  return answer;
}
