import type { Pool } from "pg";
import type {
  KeptEvent,
  KeptFence,
  KeptLease,
  KeptMessage,
  KeptMigration,
  KeptStep,
  Records,
} from "../core/records.ts";

/** Migrations that are read at a time. */
const PAGE = 100;

const MIGRATIONS = `
  SELECT id, addon_id AS "addonId", state, pivot_passed AS "pivotPassed", thread_key AS "threadKey",
    started_at AS "startedAt", finished_at AS "finishedAt"
  FROM godwit.migrations WHERE id > $1 ORDER BY id LIMIT ${PAGE}`;

const EVENTS = `
  SELECT e.migration_id AS id, e.sequence, e.at, e.actor, e.type, e.data, e.hash = godwit.event_hash(e) AS sealed,
    e.previous_hash = coalesce(lag(e.hash) OVER (PARTITION BY e.migration_id ORDER BY e.sequence), '') AS chained
  FROM godwit.events e WHERE e.migration_id = ANY ($1) ORDER BY e.sequence`;

const STEPS = `
  SELECT migration_id AS id, name, sequence, status, checkpoint, output, waiting_for
  FROM godwit.steps WHERE migration_id = ANY ($1) ORDER BY sequence`;

const MESSAGES = `
  SELECT m.id, o.thread_key AS "threadKey", o.sequence, o.kind, o.message_key AS "messageKey", o.status,
    o.remote_id AS "remoteId", o.sent_at AS "sentAt", o.created_at AS "createdAt", o.notification ->> 'kind' AS tells,
    o.notification -> 'migration' ->> 'id' AS "migrationId", o.notification, o.last_error
  FROM godwit.migrations m
  JOIN godwit.threads t ON t.key = m.thread_key OR t.mirror_of = m.thread_key
  JOIN godwit.chat_outbox o ON o.thread_key = t.key
  WHERE m.id = ANY ($1) ORDER BY o.thread_key, o.sequence`;

const FENCES = `
  SELECT migration_id AS id, deadline, lifted_at AS "liftedAt", undo FROM godwit.fences WHERE migration_id = ANY ($1)`;

const LEASES = `
  SELECT migration_id AS id, epoch::int AS epoch, until FROM godwit.leases WHERE migration_id = ANY ($1)`;

/** Reads what an audit looks at, some migrations at a time; columns that may hold a stray secret come along. */
export async function* readRecords(pool: Pool): AsyncGenerator<Records[]> {
  for (let after = ""; ; ) {
    const { rows } = await pool.query<KeptMigration>(MIGRATIONS, [after]);
    if (rows.length === 0) return;
    yield await recordsOf(pool, rows);
    after = rows.at(-1)?.id ?? "";
  }
}

interface Owned {
  readonly id: string;
}

async function recordsOf(pool: Pool, migrations: readonly KeptMigration[]): Promise<Records[]> {
  const ids = migrations.map(({ id }) => id);
  const select = async <T>(sql: string) => (await pool.query<T & Owned>(sql, [ids])).rows;
  const [events, steps, messages, fences, leases] = await Promise.all([
    select<KeptEvent>(EVENTS),
    select<KeptStep>(STEPS),
    select<KeptMessage>(MESSAGES),
    select<KeptFence>(FENCES),
    select<KeptLease>(LEASES),
  ]);
  return migrations.map((migration) => {
    const own = <T extends Owned>(rows: readonly T[]) => rows.filter(({ id }) => id === migration.id);
    return {
      migration,
      events: own(events),
      steps: own(steps),
      messages: own(messages),
      fence: own(fences)[0] ?? null,
      lease: own(leases)[0] ?? null,
    };
  });
}
