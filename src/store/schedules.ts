import type { Pool, PoolClient } from "pg";
import type { DueSchedule, ScheduleTimes } from "../core/ports/store.ts";
import type { Schedule } from "../core/schedule.ts";

/** A row of `schedules`, as JSON. */
export interface ScheduleRow {
  kind: Schedule["kind"];
  not_before: string;
  start_by: string;
  looked_at: string | null;
  held_for: string | null;
}

export function scheduleOf(row: ScheduleRow): Schedule {
  return {
    kind: row.kind,
    notBefore: new Date(row.not_before),
    startBy: new Date(row.start_by),
    lookedAt: row.looked_at === null ? null : new Date(row.looked_at),
    heldFor: row.held_for,
  };
}

/** A reminder a day ahead says nothing new to who has just planned it. */
const DUE = `
  SELECT id, due FROM (
    SELECT m.id, s.not_before, CASE
      WHEN s.held_for IS NOT NULL THEN
        CASE WHEN s.not_before < clock_timestamp() - $3 * interval '1 ms' THEN 'expire' END
      WHEN s.looked_at IS NULL AND s.not_before <= clock_timestamp() + $1 * interval '1 ms' THEN 'look'
      WHEN s.not_before <= clock_timestamp() THEN 'start'
      WHEN s.reminded_at IS NULL AND s.not_before <= clock_timestamp() + $2 * interval '1 ms'
        AND s.planned_at < s.not_before - $2 * interval '1.1 ms' THEN 'remind'
    END AS due
    FROM godwit.migrations m JOIN godwit.schedules s ON s.migration_id = m.id WHERE m.state = 'scheduled'
  ) found WHERE due IS NOT NULL ORDER BY not_before`;

/** What time has brought to migrations that are to start later, by the database's clock. */
export async function dueSchedules(pool: Pool, times: ScheduleTimes): Promise<DueSchedule[]> {
  const { lookAheadMs, remindMs, expireMs } = times;
  const { rows } = await pool.query<{ id: string; due: DueSchedule["due"] }>(DUE, [
    lookAheadMs,
    remindMs,
    expireMs,
  ]);
  return rows.map(({ id, due }) => ({ migrationId: id, due }));
}

/** Writes that concern schedules. */
export function scheduleWrites(client: PoolClient) {
  return {
    async putSchedule(migrationId: string, schedule: Schedule): Promise<void> {
      const { kind, notBefore, startBy, lookedAt, heldFor } = schedule;
      await client.query(
        `INSERT INTO godwit.schedules (migration_id, kind, not_before, start_by, looked_at, held_for)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (migration_id) DO UPDATE SET kind = excluded.kind, not_before = excluded.not_before,
           start_by = excluded.start_by, looked_at = excluded.looked_at, held_for = excluded.held_for`,
        [migrationId, kind, notBefore, startBy, lookedAt, heldFor],
      );
    },
    async isDue(migrationId: string): Promise<boolean> {
      const { rows } = await client.query<{ due: boolean }>(
        "SELECT not_before <= clock_timestamp() AS due FROM godwit.schedules WHERE migration_id = $1",
        [migrationId],
      );
      return rows[0]?.due ?? false;
    },
    async markReminded(migrationId: string): Promise<boolean> {
      const { rowCount } = await client.query(
        `UPDATE godwit.schedules SET reminded_at = clock_timestamp()
         WHERE migration_id = $1 AND reminded_at IS NULL`,
        [migrationId],
      );
      return rowCount === 1;
    },
  };
}
