import type { Pool, PoolClient } from "pg";
import type { Freeze } from "../core/freeze.ts";
import type { Actor } from "../core/member.ts";

/** Any fixed number: whoever begins or ends a freeze holds this lock alone, whoever acts by it shares it. */
const LOCK = 7_240_511_874;

/** A row of `freezes`, as JSON or as it is. */
export interface FreezeRow {
  id: string | number;
  reason: string;
  frozen_by: Actor;
  frozen_at: string | Date;
}

export function freezeOf({ id, reason, frozen_by, frozen_at }: FreezeRow): Freeze {
  return { id: String(id), reason, by: frozen_by, since: new Date(frozen_at) };
}

const CURRENT = "SELECT id, reason, frozen_by, frozen_at FROM godwit.freezes WHERE unfrozen_at IS NULL";

/** The freeze that stands now. */
export async function readFreeze(client: Pool | PoolClient): Promise<Freeze | undefined> {
  const { rows } = await client.query<FreezeRow>(CURRENT);
  return rows[0] && freezeOf(rows[0]);
}

/** Migrations that were not told yet of the freeze that stands, or that the one they were told of is over. */
export async function unsettledByFreeze(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT m.id FROM godwit.migrations m
     LEFT JOIN godwit.freezes f ON f.unfrozen_at IS NULL
     WHERE m.state IN ('queued', 'running', 'paused') AND m.freeze_id IS DISTINCT FROM f.id
       AND (m.freeze_id IS NOT NULL OR NOT m.pivot_passed)`,
  );
  return rows.map(({ id }) => id);
}

/** Writes that concern freezes. */
export function freezeWrites(client: PoolClient) {
  return {
    async freeze(): Promise<Freeze | undefined> {
      await client.query("SELECT pg_advisory_xact_lock_shared($1)", [LOCK]);
      return readFreeze(client);
    },
    async beginFreeze(reason: string, by: Actor): Promise<Freeze | undefined> {
      await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
      const { rows } = await client.query<FreezeRow>(
        `INSERT INTO godwit.freezes (reason, frozen_by) VALUES ($1, $2) ON CONFLICT DO NOTHING
         RETURNING id, reason, frozen_by, frozen_at`,
        [reason, JSON.stringify(by)],
      );
      return rows[0] && freezeOf(rows[0]);
    },
    async endFreeze(by: Actor): Promise<Freeze | undefined> {
      await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
      const { rows } = await client.query<FreezeRow>(
        `UPDATE godwit.freezes SET unfrozen_by = $1, unfrozen_at = clock_timestamp() WHERE unfrozen_at IS NULL
         RETURNING id, reason, frozen_by, frozen_at`,
        [JSON.stringify(by)],
      );
      return rows[0] && freezeOf(rows[0]);
    },
    async markFrozen(migrationId: string, freeze: Freeze): Promise<void> {
      await client.query("UPDATE godwit.migrations SET freeze_id = $2 WHERE id = $1", [
        migrationId,
        freeze.id,
      ]);
    },
    async markThawed(migrationId: string): Promise<{ readonly by: Actor | null } | undefined> {
      const { rows } = await client.query<{ by: Actor | null }>(
        `UPDATE godwit.migrations m SET freeze_id = NULL FROM godwit.freezes f
         WHERE m.id = $1 AND f.id = m.freeze_id RETURNING f.unfrozen_by AS by`,
        [migrationId],
      );
      return rows[0];
    },
  };
}
