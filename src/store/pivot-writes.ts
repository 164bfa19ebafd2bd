import type { PoolClient } from "pg";
import type { AddonRelocation, FenceRecord } from "../core/step.ts";
import { abandonedBuild } from "./abandoned-builds.ts";

/** Writes that concern the fence and the pivot. */
export function pivotWrites(client: PoolClient) {
  return {
    /**
     * While the fence stands its first record does, so that one that is built again after a crash keeps the
     * original settings; a fence that was lifted is recorded anew. One that could not be lifted is wanted again.
     */
    async recordFence(fence: FenceRecord): Promise<void> {
      await client.query(
        `INSERT INTO godwit.fences AS f (migration_id, provider_name, addon_id, undo, deadline)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (migration_id) DO UPDATE
         SET undo = CASE WHEN f.lifted_at IS NULL THEN f.undo ELSE excluded.undo END,
           deadline = CASE WHEN f.lifted_at IS NULL THEN f.deadline ELSE excluded.deadline END,
           lifting_at = NULL, lifted_at = NULL
         WHERE f.lifted_at IS NOT NULL OR f.lifting_at IS NOT NULL`,
        [fence.migrationId, fence.providerName, fence.addonId, JSON.stringify(fence.undo), fence.deadline],
      );
    },
    async beginLift(migrationId: string): Promise<void> {
      await client.query(
        "UPDATE godwit.fences SET lifting_at = clock_timestamp() WHERE migration_id = $1 AND lifting_at IS NULL",
        [migrationId],
      );
    },
    async liftFence(migrationId: string): Promise<boolean> {
      const { rowCount } = await client.query(
        "UPDATE godwit.fences SET lifted_at = clock_timestamp() WHERE migration_id = $1 AND lifted_at IS NULL",
        [migrationId],
      );
      return rowCount === 1;
    },
    ...buildWrites(client),
    passPivot: (migrationId: string, change: AddonRelocation) => passPivot(client, migrationId, change),
  };
}

function buildWrites(client: PoolClient) {
  return {
    async beginBuild(migrationId: string, builder: string): Promise<void> {
      await client.query(
        "UPDATE godwit.fences SET builders = array_append(array_remove(builders, $2), $2) WHERE migration_id = $1",
        [migrationId, builder],
      );
    },
    abandonedBuild: (migrationId: string, patienceMs: number) =>
      abandonedBuild(client, migrationId, patienceMs),
    async endBuild(migrationId: string, builder?: string): Promise<void> {
      await client.query(
        `UPDATE godwit.fences SET builders = CASE WHEN $2::text IS NULL THEN '{}' ELSE array_remove(builders, $2) END
         WHERE migration_id = $1`,
        [migrationId, builder],
      );
    },
  };
}

/** A second call for the same migration changes nothing. */
async function passPivot(client: PoolClient, migrationId: string, change: AddonRelocation): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE godwit.migrations SET pivot_passed = true WHERE id = $1 AND NOT pivot_passed",
    [migrationId],
  );
  if (rowCount === 0) return;
  await client.query(
    `INSERT INTO godwit.retired_databases
       (migration_id, provider_name, addon_id, server_id, database, username, secret_ref, drop_at)
     SELECT $1, provider_name, id, server_id, database, username, secret_ref, $3
     FROM godwit.fleet_addons WHERE id = $2`,
    [migrationId, change.addonId, change.retireOldAt],
  );
  await client.query(
    `UPDATE godwit.retired_databases SET returned_at = clock_timestamp()
     WHERE addon_id = $1 AND server_id = $2 AND database = $3 AND dropped_at IS NULL`,
    [change.addonId, change.serverId, change.database],
  );
  await client.query(
    `UPDATE godwit.fleet_addons SET server_id = $2, plan_id = $3, database = $4, username = $5, secret_ref = $6
     WHERE id = $1`,
    [change.addonId, change.serverId, change.planId, change.database, change.username, change.secretRef],
  );
}
