import type { PoolClient } from "pg";
import type { Migration, MigrationRequest, MigrationState } from "../core/migration.ts";
import type { MigrationPatch, StepPatch } from "../core/ports/patches.ts";
import type { EventInput, PastEvent, StoreTransaction } from "../core/ports/store.ts";
import type { Step, StepRecord } from "../core/step.ts";
import { mayFollow } from "../core/transitions.ts";
import { chatWrites } from "./chat-writes.ts";
import { freezeWrites } from "./freezes.ts";
import { gateWrites } from "./gate-writes.ts";
import { assignmentsOf } from "./patch.ts";
import { pivotWrites } from "./pivot-writes.ts";
import { redeploymentWrites } from "./redeployments.ts";
import { type MigrationRow, migrationOf, SELECT_MIGRATION, type StepRow, stepOf } from "./rows.ts";
import { scheduleWrites } from "./schedules.ts";
import { watchWrites } from "./watch-writes.ts";

/** The writes of one transaction, on the client that holds it. */
export function transactionOn(client: PoolClient): StoreTransaction {
  return {
    ...migrationWrites(client),
    ...stepWrites(client),
    ...chatWrites(client),
    ...pivotWrites(client),
    ...gateWrites(client),
    ...watchWrites(client),
    ...redeploymentWrites(client),
    ...freezeWrites(client),
    ...scheduleWrites(client),
    append: (event) => append(client, event),
    hasEvent: (event) => hasEvent(client, event),
    async events(migrationId, limit) {
      const { rows } = await client.query<PastEvent>(
        `SELECT at, actor, type, data FROM godwit.events WHERE migration_id = $1 ORDER BY sequence DESC LIMIT $2`,
        [migrationId, limit],
      );
      return rows.toReversed();
    },
  };
}

function migrationWrites(client: PoolClient) {
  const patchMigration = (id: string, patch: MigrationPatch) => update(client, id, patch);
  return {
    insertMigration: (
      id: string,
      request: MigrationRequest,
      options: { retryOf?: string | undefined; revertOf?: string | undefined; state?: MigrationState },
    ) => insertMigration(client, { id, request, ...options }),
    lockMigration: (id: string) => lockMigration(client, id),
    patchMigration,
    async moveMigration(id: string, to: MigrationState, patch: MigrationPatch = {}) {
      const current = await lockMigration(client, id);
      if (!current) throw new Error(`moving migration ${id}: there is none`);
      if (!mayFollow(current.state, to))
        throw new Error(`moving migration ${id} from ${current.state} to ${to}`);
      return update(client, id, { ...patch, state: to });
    },
  };
}

interface NewMigration {
  readonly id: string;
  readonly request: MigrationRequest;
  readonly retryOf?: string | undefined;
  readonly revertOf?: string | undefined;
  readonly state?: MigrationState;
}

async function insertMigration(client: PoolClient, fresh: NewMigration): Promise<Migration> {
  const { id, request } = fresh;
  await client.query(
    `INSERT INTO godwit.migrations
       (id, addon_id, state, source, target, target_plan, quote, preflight, plan_hash, platform, requested_by, retry_of,
        revert_of)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      request.source.addonId,
      fresh.state ?? "awaiting_confirmation",
      JSON.stringify(request.source),
      JSON.stringify(request.target),
      JSON.stringify(request.targetPlan),
      JSON.stringify(request.quote),
      JSON.stringify(request.preflight),
      request.planHash,
      request.platform,
      JSON.stringify(request.requestedBy),
      fresh.retryOf ?? null,
      fresh.revertOf ?? null,
    ],
  );
  await client.query("INSERT INTO godwit.leases (migration_id) VALUES ($1)", [id]);
  if (request.schedule) await scheduleWrites(client).putSchedule(id, request.schedule);
  return read(client, id);
}

/** Locks first and reads then: one statement would show gate and lease as they were before it waited for the lock. */
async function lockMigration(client: PoolClient, id: string): Promise<Migration | undefined> {
  await client.query("SELECT FROM godwit.migrations WHERE id = $1 FOR UPDATE", [id]);
  const { rows } = await client.query<MigrationRow>(`${SELECT_MIGRATION} WHERE m.id = $1`, [id]);
  return rows[0] && migrationOf(rows[0]);
}

async function update(client: PoolClient, id: string, patch: object): Promise<Migration> {
  const { sql, values } = assignmentsOf(patch, 2);
  if (sql) await client.query(`UPDATE godwit.migrations SET ${sql} WHERE id = $1`, [id, ...values]);
  return read(client, id);
}

async function read(client: PoolClient, id: string): Promise<Migration> {
  const { rows } = await client.query<MigrationRow>(`${SELECT_MIGRATION} WHERE m.id = $1`, [id]);
  if (!rows[0]) throw new Error(`reading migration ${id}: there is none`);
  return migrationOf(rows[0]);
}

function stepWrites(client: PoolClient) {
  return {
    async planSteps(
      migrationId: string,
      steps: readonly Pick<Step, "name" | "title" | "hold">[],
    ): Promise<void> {
      for (const [sequence, { name, title, hold }] of steps.entries()) {
        await client.query(
          `INSERT INTO godwit.steps (migration_id, sequence, name, title, hold) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (migration_id, name) DO NOTHING`,
          [migrationId, sequence + 1, name, title, hold ?? null],
        );
      }
    },
    async patchStep(migrationId: string, step: string, patch: StepPatch): Promise<void> {
      const { sql, values } = assignmentsOf(patch, 3);
      if (!sql) return;
      await client.query(`UPDATE godwit.steps SET ${sql} WHERE migration_id = $1 AND name = $2`, [
        migrationId,
        step,
        ...values,
      ]);
    },
    steps: (migrationId: string) => readSteps(client, migrationId),
  };
}

/** Reads a migration's steps in order. */
export async function readSteps(
  client: Pick<PoolClient, "query">,
  migrationId: string,
): Promise<StepRecord[]> {
  const { rows } = await client.query<StepRow>(
    `SELECT name, title, sequence, status, hold, attempt, checkpoint, output, crashes, crash_streak, progress, waiting_for, started_at, finished_at,
       undoing_at
     FROM godwit.steps WHERE migration_id = $1 ORDER BY sequence`,
    [migrationId],
  );
  return rows.map(stepOf);
}

async function hasEvent(
  client: PoolClient,
  { migrationId, type, data = {} }: Omit<EventInput, "actor">,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT FROM godwit.events WHERE migration_id = $1 AND type = $2 AND data @> $3 LIMIT 1",
    [migrationId, type, JSON.stringify(data)],
  );
  return rowCount === 1;
}

async function append(client: PoolClient, event: EventInput): Promise<void> {
  await client.query(`INSERT INTO godwit.events (migration_id, actor, type, data) VALUES ($1, $2, $3, $4)`, [
    event.migrationId,
    event.actor,
    event.type,
    JSON.stringify(event.data ?? {}),
  ]);
}
