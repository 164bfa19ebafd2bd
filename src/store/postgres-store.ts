import { DatabaseError, type Pool, type PoolClient } from "pg";
import { crashPoint } from "../core/crash-point.ts";
import { AddonLocked } from "../core/failure.ts";
import type { Migration } from "../core/migration.ts";
import type { Lease, MigrationFilter, ScheduleTimes, Store, StoreTransaction } from "../core/ports/store.ts";
import { LIVE_STATES } from "../core/transitions.ts";
import { abandonedBuilds } from "./abandoned-builds.ts";
import { readFreeze, unsettledByFreeze } from "./freezes.ts";
import * as leases from "./leases.ts";
import * as outbox from "./outbox.ts";
import { openRedeployments } from "./redeployments.ts";
import { type FenceRow, fenceOf, type MigrationRow, migrationOf, SELECT_MIGRATION } from "./rows.ts";
import { dueSchedules } from "./schedules.ts";
import { readSteps, transactionOn } from "./transaction.ts";
import { watchReads } from "./watch-writes.ts";

/** Godwit's records in PostgreSQL. `applySchema` must have run on the same pool. */
export function createPostgresStore(pool: Pool): Store {
  return {
    transaction: (work) => transaction(pool, work),
    underLease: (lease, work) => underLease(pool, lease, work),
    ...reads(pool),
    ...sweeps(pool),
    ...watchReads(pool),
    acquire: (id, owner, options) => leases.acquire(pool, id, owner, options),
    heartbeat: (lease, ttlMs) => leases.heartbeat(pool, lease, ttlMs),
    release: (lease) => leases.release(pool, lease),
    claimMessage: (owner, ttlMs, platforms) => outbox.claimMessage(pool, { owner, ttlMs, platforms }),
    markSent: (message, remoteId) => outbox.markSent(pool, message, remoteId),
    markRetry: (message, retry) => outbox.markRetry(pool, message, retry),
    markDead: (message, error) => outbox.markDead(pool, message, error),
    rootMessage: (threadKey) => outbox.rootMessage(pool, threadKey),
    oldestUnsentMs: () => outbox.oldestUnsentMs(pool),
    async ping() {
      await pool.query("SELECT 1");
    },
    close: () => pool.end(),
  };
}

async function transaction<T>(pool: Pool, work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
  return inTransaction(pool, (client) => work(transactionOn(client)));
}

async function underLease<T>(
  pool: Pool,
  lease: Lease,
  work: (tx: StoreTransaction) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    await leases.assertLease(client, lease);
    return work(transactionOn(client));
  });
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that is lost between two statements says so in an event, which would end the process unheard.
  const onLost = (error: Error) => {
    broken = error;
  };
  client.on("error", onLost);
  try {
    await client.query("BEGIN");
    crashPoint("transaction: begun");
    const result = await work(client);
    crashPoint("transaction: written");
    await client.query("COMMIT");
    crashPoint("transaction: committed");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw isAddonLocked(error) ? new AddonLocked(error) : error;
  } finally {
    client.off("error", onLost);
    client.release(broken);
  }
}

function isAddonLocked(error: unknown): boolean {
  return error instanceof DatabaseError && error.constraint === "one_live_migration_per_addon";
}

function reads(pool: Pool) {
  const select = async (rest: string, values: unknown[]): Promise<Migration[]> => {
    const { rows } = await pool.query<MigrationRow>(`${SELECT_MIGRATION} ${rest}`, values);
    return rows.map(migrationOf);
  };
  return {
    migration: async (id: string) => (await select("WHERE m.id = $1", [id]))[0],
    liveMigration: async (addonId: string) =>
      (await select("WHERE m.addon_id = $1 AND m.state = ANY ($2)", [addonId, LIVE_STATES]))[0],
    migrations: (filter: MigrationFilter) =>
      select(
        `WHERE ($1::text IS NULL OR m.addon_id = $1) AND ($2::text[] IS NULL OR m.state = ANY ($2))
         ORDER BY m.created_at DESC LIMIT $3`,
        [filter.addonId ?? null, filter.states ?? null, filter.limit ?? 50],
      ),
    steps: (migrationId: string) => readSteps(pool, migrationId),
    thread: (key: string) => readThread(pool, key),
    freeze: () => readFreeze(pool),
    unsettledByFreeze: () => unsettledByFreeze(pool),
    async fence(migrationId: string) {
      const { rows } = await pool.query<FenceRow>(
        "SELECT * FROM godwit.fences WHERE migration_id = $1 AND lifted_at IS NULL",
        [migrationId],
      );
      return rows[0] && fenceOf(rows[0]);
    },
    fenceStands: (migrationId: string) => fenceStands(pool, migrationId),
    openRedeployments: () => openRedeployments(pool),
    staleDrafts: (ageMs: number) =>
      select(
        "WHERE m.state = 'awaiting_confirmation' AND m.created_at < clock_timestamp() - $1 * interval '1 ms'",
        [ageMs],
      ),
  };
}

async function fenceStands(pool: Pool, migrationId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    "SELECT FROM godwit.fences WHERE migration_id = $1 AND lifted_at IS NULL AND lifting_at IS NULL",
    [migrationId],
  );
  return rowCount === 1;
}

async function readThread(pool: Pool, key: string) {
  const { rows } = await pool.query(
    `SELECT key, platform, workspace, channel, root_id AS "rootId" FROM godwit.threads WHERE key = $1`,
    [key],
  );
  return rows[0];
}

function sweeps(pool: Pool) {
  return {
    dueSchedules: (times: ScheduleTimes) => dueSchedules(pool, times),
    async idleMigrations() {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT m.id FROM godwit.migrations m JOIN godwit.leases l ON l.migration_id = m.id
         WHERE m.state IN ('queued', 'running', 'rolling_back')
           AND (l.until IS NULL OR l.until < clock_timestamp())
           AND NOT (m.state = 'queued' AND EXISTS (
             SELECT FROM godwit.freezes f WHERE f.id = m.freeze_id AND f.unfrozen_at IS NULL))`,
      );
      return rows.map((row) => row.id);
    },
    async overdueFences() {
      const { rows } = await pool.query<FenceRow>(
        `SELECT f.* FROM godwit.fences f JOIN godwit.migrations m ON m.id = f.migration_id
         WHERE f.lifted_at IS NULL AND NOT m.pivot_passed
           AND (f.deadline < clock_timestamp() OR m.state IN ('rolled_back', 'cancelled'))`,
      );
      return rows.map(fenceOf);
    },
    abandonedBuilds: (patienceMs: number) => abandonedBuilds(pool, patienceMs),
  };
}
