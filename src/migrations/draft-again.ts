import type { Actor } from "../core/member.ts";
import type { Migration, MigrationRequest } from "../core/migration.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";
import { redraftRevert } from "./draft-revert.ts";
import { findAddon } from "./find-addon.ts";
import { draftOf } from "./submit-request.ts";

interface Again {
  readonly by: Actor;
  readonly signal: AbortSignal;
}

/** The same wish as things are now: the choices of `before`, or the return that it is. */
export async function draftAgain(
  deps: Dependencies,
  before: Migration,
  { by, signal }: Again,
): Promise<MigrationRequest | Refusal> {
  if (before.revertOf) return redraftRevert(deps, before, { by, isCounted: true, signal });
  const found = await findAddon(deps, before.source.addonId, signal);
  if (found.kind === "refused") return found.refusal;
  // What failed once is tried again at once.
  const schedule = before.state === "rolled_back" ? null : (before.schedule ?? null);
  const selection = { addonId: before.source.addonId, ...before.target };
  return draftOf({ ...found, request: { selection, by, place: null, schedule }, signal });
}
