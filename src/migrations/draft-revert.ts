import type { Actor } from "../core/member.ts";
import type { Migration, MigrationRequest } from "../core/migration.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";
import { providerNamed } from "./find-addon.ts";
import { orRefused } from "./or-refused.ts";
import { planHash } from "./plan-hash.ts";

interface RevertDraft {
  readonly by: Actor;
  /** Whether what would be lost is counted, which may take half a minute. */
  readonly isCounted: boolean;
  readonly signal: AbortSignal;
}

/** Works out what a person is asked to confirm when a migration that has succeeded is to be taken back. */
export async function draftRevert(
  deps: Dependencies,
  done: Migration,
  { by, ...options }: RevertDraft,
): Promise<MigrationRequest | Refusal> {
  const provider = providerNamed(deps, done.source.providerName);
  const plan = await orRefused(async () => provider.planRevert?.(done, options));
  if (plan === undefined) return notRevertible(done);
  if ("kind" in plan) return plan.refusal;
  const draft = { ...plan, requestedBy: by, platform: done.platform };
  return { ...draft, planHash: planHash(draft) };
}

/** The draft of a return, worked out anew. */
export async function redraftRevert(
  deps: Dependencies,
  draft: Pick<Migration, "revertOf">,
  options: RevertDraft,
): Promise<MigrationRequest | Refusal> {
  const done = await deps.store.migration(draft.revertOf ?? "");
  if (done === undefined) throw new Error(`drafting a return: there is no migration ${draft.revertOf}`);
  return draftRevert(deps, done, options);
}

function notRevertible({ source }: Migration): Refusal {
  return {
    code: "not-revertible",
    summary: `The provider of ${source.addonName} keeps no old database that one could return to.`,
    remedy: "Ask support for a backup, or migrate with /db migrate.",
  };
}
