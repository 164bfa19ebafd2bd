import type { Answer, ListedAddon, MigrationStatus } from "../core/answer.ts";
import type { Migration } from "../core/migration.ts";
import type { ChatPort } from "../core/ports/chat.ts";
import { shownStep } from "../core/step.ts";
import { LIVE_STATES } from "../core/transitions.ts";
import type { Dependencies } from "./dependencies.ts";
import { findAddon, summaries } from "./find-addon.ts";

/** Lists every add-on, each with the migration that holds it. */
export async function listAddons(deps: Dependencies, signal: AbortSignal): Promise<Answer> {
  const live = await deps.store.migrations({ states: LIVE_STATES, limit: 1_000 });
  const holders = new Map(live.map((migration) => [migration.source.addonId, migration]));
  const { listed, missing } = await summaries(deps, signal);
  const addons: ListedAddon[] = listed.map(({ summary }) => ({
    ...summary,
    migration: holders.get(summary.id) ?? null,
  }));
  return { kind: "addons", addons, ...(missing.length > 0 && { missing }) };
}

/** Shows the migrations that are under way, with their steps and a link to their thread. */
export async function showStatus(deps: Dependencies, chats: readonly ChatPort[]): Promise<Answer> {
  const live = await deps.store.migrations({ states: LIVE_STATES, limit: 20 });
  const running = await Promise.all(live.map((migration) => statusOf(deps, chats, migration)));
  return { kind: "status", running, freeze: (await deps.store.freeze()) ?? null };
}

async function statusOf(
  deps: Dependencies,
  chats: readonly ChatPort[],
  migration: Migration,
): Promise<MigrationStatus> {
  const steps = (await deps.store.steps(migration.id)).map(shownStep);
  const thread = migration.threadKey ? await deps.store.thread(migration.threadKey) : undefined;
  const chat = chats.find(({ platform }) => platform === thread?.platform);
  const link = thread && chat ? await chat.link(thread).catch(() => null) : null;
  return { migration, steps, link };
}

/** Shows the last migrations, of one add-on or of all. */
export async function showHistory(
  deps: Dependencies,
  addonName: string | null,
  signal: AbortSignal,
): Promise<Answer> {
  if (!addonName)
    return { kind: "history", migrations: await deps.store.migrations({ limit: 10 }), addonName: null };
  const found = await findAddon(deps, addonName, signal);
  if (found.kind === "refused") return found;
  const migrations = await deps.store.migrations({ addonId: found.addon.id, limit: 10 });
  return { kind: "history", migrations, addonName: found.addon.name };
}
