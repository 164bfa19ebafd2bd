import type { Pool, PoolClient } from "pg";
import { LeaseLost } from "../core/failure.ts";
import type { Migration } from "../core/migration.ts";
import type { Lease } from "../core/ports/store.ts";

interface AcquireOptions {
  readonly ttlMs: number;
  readonly steal?: boolean;
}

/** Takes a migration by raising its epoch; null when it is held, or in a state where nothing is to do. */
export async function acquire(
  pool: Pool,
  migrationId: string,
  owner: string,
  options: AcquireOptions,
): Promise<Lease | null> {
  const { rows } = await pool.query<{ epoch: string; isFollower: boolean }>(
    `WITH before AS MATERIALIZED (SELECT owner, until FROM godwit.leases WHERE migration_id = $1 FOR UPDATE)
     UPDATE godwit.leases l
     SET epoch = l.epoch + 1, owner = $2, until = clock_timestamp() + $3 * interval '1 ms'
     FROM godwit.migrations m, before b
     WHERE l.migration_id = $1 AND m.id = $1 AND m.state IN ('queued', 'running', 'rolling_back')
       AND ($4 OR l.until IS NULL OR l.until < clock_timestamp())
     RETURNING l.epoch, coalesce(b.owner IS NOT NULL AND b.until < clock_timestamp(), false) AS "isFollower"`,
    [migrationId, owner, options.ttlMs, options.steal ?? false],
  );
  return rows[0]
    ? { migrationId, owner, epoch: Number(rows[0].epoch), isFollower: rows[0].isFollower }
    : null;
}

/** Prolongs a lease and reads what people want of the migration. */
export async function heartbeat(pool: Pool, lease: Lease, ttlMs: number): Promise<Migration["desired"]> {
  const { rows } = await pool.query<{ desired: Migration["desired"] }>(
    `UPDATE godwit.leases l SET until = clock_timestamp() + $3 * interval '1 ms'
     FROM godwit.migrations m
     WHERE l.migration_id = $1 AND l.epoch = $2 AND m.id = l.migration_id
     RETURNING CASE WHEN m.desired = 'run' AND EXISTS (SELECT FROM godwit.freezes WHERE unfrozen_at IS NULL)
       THEN 'pause' ELSE m.desired END AS desired`,
    [lease.migrationId, lease.epoch, ttlMs],
  );
  if (!rows[0]) throw new LeaseLost(lease.migrationId);
  return rows[0].desired;
}

/** Gives a lease back, so that the next worker need not wait for its end. */
export async function release(pool: Pool, lease: Lease): Promise<void> {
  await pool.query(
    "UPDATE godwit.leases SET owner = NULL, until = NULL WHERE migration_id = $1 AND epoch = $2",
    [lease.migrationId, lease.epoch],
  );
}

/** Holds the lease's row for the rest of the transaction; throws when a newer worker has taken it. */
export async function assertLease(client: PoolClient, lease: Lease): Promise<void> {
  const { rowCount } = await client.query(
    "SELECT FROM godwit.leases WHERE migration_id = $1 AND epoch = $2 AND until IS NOT NULL FOR UPDATE",
    [lease.migrationId, lease.epoch],
  );
  if (rowCount !== 1) throw new LeaseLost(lease.migrationId);
}
