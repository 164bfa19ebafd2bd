import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { LiveObstacle } from "../../../core/ports/engine.ts";
import { findNames } from "../preflight/check.ts";
import { type Look, liveLooks } from "../preflight/live-looks.ts";

/** What the blockers among the looks find about these parts. */
async function lookAt(admin: pg.Client, parts: readonly Look["about"][]): Promise<LiveObstacle[]> {
  const found: LiveObstacle[] = [];
  for (const look of liveLooks) {
    if (look.level !== "blocker" || !parts.includes(look.about)) continue;
    const { rows } = await admin.query<{ name: string }>(look.query);
    const names = rows.map(({ name }) => name);
    for (const { check, summary } of findNames(names, look))
      found.push({ check, summary, remedy: look.remedy });
  }
  return found;
}

/** Everything about a database and its server that keeps it from being replicated. */
export function readObstacles(admin: pg.Client): Promise<LiveObstacle[]> {
  return lookAt(admin, ["server", "tables"]);
}

function refuse(found: readonly LiveObstacle[]): void {
  const [first] = found;
  if (first === undefined) return;
  throw new GodwitError({
    code: "replication-obstacle",
    summary: found.map(({ summary }) => summary).join(" "),
    remedy: first.remedy,
  });
}

/** Throws `replication-obstacle` when the database cannot be replicated now. */
export async function refuseObstacles(admin: pg.Client): Promise<void> {
  refuse(await readObstacles(admin));
}

/** Throws when something has appeared in the database, since it was copied, that replication does not carry. */
export async function refuseNewObstacles(admin: pg.Client): Promise<void> {
  refuse(await lookAt(admin, ["tables"]));
}

/** Throws `replication-obstacle` when the target's server has no room for a subscription. */
export async function refuseFullTarget(admin: pg.Client): Promise<void> {
  refuse(await lookAt(admin, ["target"]));
}
