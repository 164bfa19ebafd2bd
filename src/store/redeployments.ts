import type { Pool, PoolClient } from "pg";
import type { NewRedeployment, StoredRedeployment } from "../core/ports/store.ts";

const SELECT = `SELECT id::text, migration_id AS "migrationId", application_id AS "applicationId",
    application_name AS "applicationName", mark, asked_by AS "askedBy", asked_at AS "askedAt",
    ended_at AS "endedAt", problem
  FROM godwit.redeployments`;

/** Writes that concern deployments which people asked for. */
export function redeploymentWrites(client: PoolClient) {
  return {
    async openRedeployment(asked: NewRedeployment): Promise<boolean> {
      const { migrationId, applicationId, applicationName, mark, askedBy, askedAt } = asked;
      const { rowCount } = await client.query(
        `INSERT INTO godwit.redeployments
           (migration_id, application_id, application_name, mark, asked_by, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (application_id) WHERE ended_at IS NULL DO NOTHING`,
        [migrationId, applicationId, applicationName, mark, JSON.stringify(askedBy), askedAt],
      );
      return rowCount === 1;
    },
    async endRedeployment(
      id: string,
      { at, problem }: { at: Date; problem: string | null },
    ): Promise<boolean> {
      const { rowCount } = await client.query(
        "UPDATE godwit.redeployments SET ended_at = $2, problem = $3 WHERE id = $1 AND ended_at IS NULL",
        [id, at, problem],
      );
      return rowCount === 1;
    },
    async redeployments(migrationId: string): Promise<StoredRedeployment[]> {
      const { rows } = await client.query<StoredRedeployment>(
        `${SELECT} WHERE migration_id = $1 ORDER BY id`,
        [migrationId],
      );
      return rows;
    },
  };
}

/** Those whose end nobody has seen, of all migrations. */
export async function openRedeployments(pool: Pool): Promise<StoredRedeployment[]> {
  const { rows } = await pool.query<StoredRedeployment>(`${SELECT} WHERE ended_at IS NULL ORDER BY id`);
  return rows;
}
