import type { Pool, PoolClient } from "pg";
import type { Store, StoreTransaction } from "../core/ports/store.ts";
import type { StuckStep } from "../core/step.ts";

type Writes = Pick<StoreTransaction, "callSupport" | "answerSupport" | "escalatePage" | "markStuck">;

const SILENT_SINCE = "coalesce(s.progressed_at, s.started_at)";

/** Writes that concern calls for support and steps that do not get on. */
export function watchWrites(client: PoolClient): Writes {
  return {
    async callSupport(migrationId) {
      await client.query("INSERT INTO godwit.support_pages (migration_id) VALUES ($1)", [migrationId]);
    },
    async answerSupport(migrationId) {
      await client.query(
        `UPDATE godwit.support_pages SET answered_at = clock_timestamp()
         WHERE migration_id = $1 AND answered_at IS NULL`,
        [migrationId],
      );
    },
    async escalatePage(migrationId, afterMs) {
      const { rowCount } = await client.query(
        `UPDATE godwit.support_pages SET escalated_at = clock_timestamp()
         WHERE migration_id = $1 AND answered_at IS NULL AND escalated_at IS NULL
           AND called_at <= clock_timestamp() - $2 * interval '1 ms'`,
        [migrationId, afterMs],
      );
      return (rowCount ?? 0) > 0;
    },
    async markStuck(migrationId, step) {
      const { rowCount } = await client.query(
        `UPDATE godwit.steps s SET stuck_told_at = clock_timestamp()
         WHERE s.migration_id = $1 AND s.name = $2 AND s.status = 'running'
           AND (s.stuck_told_at IS NULL OR s.stuck_told_at < ${SILENT_SINCE})`,
        [migrationId, step],
      );
      return rowCount === 1;
    },
  };
}

/** The gate waits for people, so it is never stuck. Past runs are those of the same provider. */
const STUCK = `
  SELECT s.migration_id AS "migrationId", s.name, s.title, ${SILENT_SINCE} AS since, usual.ms::float8 AS "usualMs",
    coalesce(s.waiting_for, s.progress ->> 'label') AS "waitingFor"
  FROM godwit.steps s JOIN godwit.migrations m ON m.id = s.migration_id
  LEFT JOIN LATERAL (
    SELECT max(extract(epoch FROM past.finished_at - past.started_at) * 1000) AS ms
    FROM (SELECT p.started_at, p.finished_at FROM godwit.steps p JOIN godwit.migrations pm ON pm.id = p.migration_id
      WHERE p.name = s.name AND p.status = 'done' AND pm.state = 'succeeded'
        AND pm.source ->> 'providerName' = m.source ->> 'providerName'
      ORDER BY pm.finished_at DESC LIMIT 20) past
  ) usual ON true
  WHERE s.status = 'running' AND m.state = 'running' AND m.desired = 'run' AND s.name <> 'gate'
    AND (s.stuck_told_at IS NULL OR s.stuck_told_at < ${SILENT_SINCE})
    AND extract(epoch FROM clock_timestamp() - ${SILENT_SINCE}) * 1000 > greatest($1, $2 * coalesce(usual.ms, 0))`;

/** What the watchdogs look for. */
export function watchReads(pool: Pool): Pick<Store, "unansweredPages" | "stuckSteps"> {
  return {
    async unansweredPages(afterMs) {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT DISTINCT p.migration_id AS id
         FROM godwit.support_pages p JOIN godwit.migrations m ON m.id = p.migration_id
         WHERE p.answered_at IS NULL AND p.escalated_at IS NULL AND m.state <> 'succeeded'
           AND p.called_at <= clock_timestamp() - $1 * interval '1 ms'`,
        [afterMs],
      );
      return rows.map(({ id }) => id);
    },
    async stuckSteps({ floorMs, factor }) {
      return (await pool.query<StuckStep>(STUCK, [floorMs, factor])).rows;
    },
  };
}
