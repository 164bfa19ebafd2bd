import type { Migration, MigrationState } from "../core/migration.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";
import { ambiguousAddon, findAddon } from "./find-addon.ts";

/** Drafts count as live here, since they can be cancelled. */
const STATES: Record<Wanted, readonly MigrationState[]> = {
  live: [
    "running",
    "paused",
    "rolling_back",
    "queued",
    "scheduled",
    "needs_support",
    "awaiting_confirmation",
  ],
  failed: ["needs_support", "rolled_back"],
  succeeded: ["succeeded"],
};

/** Which migration of an add-on is meant: one that goes on, one that has failed, or one that went well. */
type Wanted = "live" | "failed" | "succeeded";

const WORDS: Readonly<Record<Wanted, string>> = {
  live: "migration under way",
  failed: "failed migration",
  succeeded: "migration that has succeeded",
};

interface Search {
  readonly nameOrId: string | undefined;
  readonly wanted: Wanted;
  readonly signal: AbortSignal;
}

type FoundMigration =
  | { readonly kind: "found"; readonly migration: Migration }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Migrations among which a name is looked for before any provider is asked. */
const NEWEST = 200;

/**
 * Finds the migration that a person means by its ID, or by the add-on's name or ID: the newest that fits. What is
 * stored comes first, since a provider that is down must keep nobody from cancelling.
 */
export async function findMigration(deps: Dependencies, search: Search): Promise<FoundMigration> {
  const { nameOrId, wanted, signal } = search;
  if (!nameOrId) return { kind: "refused", refusal: missing() };
  const byId = await deps.store.migration(nameOrId);
  if (byId) return { kind: "found", migration: byId };
  const stored = await findStored(deps, nameOrId, wanted);
  if (stored) return stored;
  const found = await findAddon(deps, nameOrId, signal);
  if (found.kind === "refused") return found;
  const [migration] = await deps.store.migrations({
    addonId: found.addon.id,
    states: STATES[wanted],
    limit: 1,
  });
  if (migration) return { kind: "found", migration };
  return { kind: "refused", refusal: nothing(found.addon.name, wanted) };
}

async function findStored(
  deps: Dependencies,
  nameOrId: string,
  wanted: Wanted,
): Promise<FoundMigration | undefined> {
  const newestFirst = await deps.store.migrations({ states: STATES[wanted], limit: NEWEST });
  const fitting = newestFirst.filter(
    ({ source }) => source.addonId === nameOrId || source.addonName.toLowerCase() === nameOrId.toLowerCase(),
  );
  const [migration] = fitting;
  if (!migration) return undefined;
  if (fitting.every(({ source }) => source.addonId === migration.source.addonId))
    return { kind: "found", migration };
  return { kind: "refused", refusal: ambiguousAddon(nameOrId) };
}

function missing(): Refusal {
  const summary = "Say which database you mean.";
  return {
    code: "no-addon-named",
    summary,
    remedy: "Type its name behind the command; /db list shows the names.",
  };
}

function nothing(addonName: string, wanted: Wanted): Refusal {
  const summary = `${addonName} has no ${WORDS[wanted]}.`;
  return { code: "no-migration", summary, remedy: "See /db status and /db history." };
}
