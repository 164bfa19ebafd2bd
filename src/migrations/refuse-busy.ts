import type { Answer } from "../core/answer.ts";
import { AddonLocked } from "../core/failure.ts";
import type { Migration, SourceSnapshot } from "../core/migration.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";

/** Refuses an add-on that another migration holds. */
export async function refuseBusy(
  deps: Pick<Dependencies, "store">,
  addon: { readonly id: string; readonly name: string },
): Promise<Refusal | undefined> {
  const live = await deps.store.liveMigration(addon.id);
  return live && busy(live);
}

/** Turns the store's refusal of a second live migration into a sentence about the first. */
export async function unlessLocked(
  deps: Pick<Dependencies, "store">,
  source: SourceSnapshot,
  act: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof AddonLocked)) throw error;
    const refusal = await refuseBusy(deps, { id: source.addonId, name: source.addonName });
    if (!refusal) throw error;
    return { kind: "refused", refusal };
  }
}

/** The sentence for an add-on that a migration holds. */
function busy(live: Migration): Refusal {
  const who = live.confirmedBy?.name ?? live.requestedBy.name;
  const { addonName } = live.source;
  const waits = live.state === "needs_support";
  return {
    code: "migration-running",
    field: "addon",
    summary:
      live.state === "scheduled"
        ? `${addonName} is to be migrated already: ${live.id}, planned by ${who}.`
        : `${addonName} is being migrated already: ${live.id}, started by ${who}${waits ? ", waits for support" : ""}.`,
    remedy: waits ? "Wait until support has resolved it; /db status shows it." : "Follow it with /db status.",
  };
}
