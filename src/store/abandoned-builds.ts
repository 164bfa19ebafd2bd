import type { Pool, PoolClient } from "pg";
import type { AbandonedBuild } from "../core/step.ts";
import { type FenceRow, fenceOf } from "./rows.ts";

const READ = `SELECT f.*, f.lifted_at < clock_timestamp() - $1 * interval '1 ms' AS is_over
   FROM godwit.fences f JOIN godwit.migrations m ON m.id = f.migration_id
   WHERE f.lifted_at IS NOT NULL AND f.builders <> '{}'`;

/** Of migrations that were turned back. */
export async function abandonedBuilds(pool: Pool, patienceMs: number): Promise<AbandonedBuild[]> {
  const { rows } = await pool.query<FenceRow & { is_over: boolean }>(
    `${READ} AND m.state IN ('rolled_back', 'cancelled')`,
    [patienceMs],
  );
  return rows.map(buildOf);
}

/** Of one migration, whatever it does now. */
export async function abandonedBuild(
  client: PoolClient,
  migrationId: string,
  patienceMs: number,
): Promise<AbandonedBuild | undefined> {
  const { rows } = await client.query<FenceRow & { is_over: boolean }>(`${READ} AND m.id = $2`, [
    patienceMs,
    migrationId,
  ]);
  return rows[0] && buildOf(rows[0]);
}

function buildOf(row: FenceRow & { readonly is_over: boolean }): AbandonedBuild {
  return { fence: fenceOf(row), isOver: row.is_over };
}
