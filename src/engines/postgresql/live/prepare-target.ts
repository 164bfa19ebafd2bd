import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../core/ports/replication.ts";
import { readFilledViews, refreshViews } from "../copy/refresh-views.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { replicationNames } from "./names.ts";
import { refuseNewObstacles } from "./obstacles.ts";
import { refuseUnpublished } from "./publication.ts";

const NAME = "godwit prepare switch";

/**
 * Looks for what replication does not carry, and fills the target's materialised views from what it has now: under
 * the fence that would take as long as the views are large. They show the rows of this moment, as views do until
 * somebody refreshes them.
 */
export async function prepareTarget(
  { source, target }: DatabasePair,
  plan: ReplicationPlan,
  call: EngineCall,
): Promise<void> {
  const { signal } = call;
  const login = asAdmin(source.server, source.database);
  const views = await withSession(login, { name: NAME, signal }, async (admin) => {
    await refuseNewObstacles(admin);
    await refuseUnpublished(admin, source.database, replicationNames(plan.id).name);
    return readFilledViews(admin);
  });
  if (views.length === 0) return;
  call.report({ label: "refreshing materialised views" });
  await withSession(asOwner(target), { name: NAME, signal }, (owner) => refreshViews(owner, views));
}
