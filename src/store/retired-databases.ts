import type { Pool } from "pg";
import type { FleetStore, RetiredDatabase } from "../core/ports/fleet.ts";
import { LIVE_STATES } from "../core/transitions.ts";

const COLUMNS = `SELECT migration_id AS "migrationId", addon_id AS "addonId", provider_name AS "providerName",
  server_id AS "serverId", database, username, drop_at AS "dropAt", announced_at AS "announcedAt"
  FROM godwit.retired_databases`;
const RETIRED = `${COLUMNS} WHERE dropped_at IS NULL AND returned_at IS NULL`;

/** Migrations that hold an old database for as long as they are one of these. */
const LIVE = `SELECT id FROM godwit.migrations WHERE state = ANY ($2)`;

type Retirements = Pick<
  FleetStore,
  "retired" | "markAnnounced" | "holdRetired" | "claimDrop" | "removeRetired" | keyof Followings
>;
type Followings = Pick<FleetStore, "beginFollowing" | "following" | "endFollowing">;

/** What becomes of the databases that add-ons have left. */
export function retirements(pool: Pool): Retirements {
  return {
    async retired(providerName) {
      return (await pool.query<RetiredDatabase>(`${RETIRED} AND provider_name = $1`, [providerName])).rows;
    },
    async markAnnounced(migrationId) {
      const { rowCount } = await pool.query(
        `UPDATE godwit.retired_databases SET announced_at = clock_timestamp()
         WHERE migration_id = $1 AND announced_at IS NULL`,
        [migrationId],
      );
      return rowCount === 1;
    },
    ...claims(pool),
    ...followings(pool),
    async removeRetired(migrationId) {
      const { rows } = await pool.query<{ dropped: number }>(
        `WITH dropped AS (
           UPDATE godwit.retired_databases SET dropped_at = clock_timestamp()
           WHERE migration_id = $1 AND dropped_at IS NULL RETURNING secret_ref
         ), forgotten AS (
           DELETE FROM godwit.secrets s USING dropped d WHERE s.ref = d.secret_ref
         )
         SELECT count(*)::int AS dropped FROM dropped`,
        [migrationId],
      );
      return rows[0]?.dropped === 1;
    },
  };
}

/** Which old databases follow the new one. */
function followings(pool: Pool): Followings {
  return {
    async beginFollowing(migrationId) {
      await pool.query("UPDATE godwit.retired_databases SET follows = true WHERE migration_id = $1", [
        migrationId,
      ]);
    },
    async following(providerName) {
      const { rows } = await pool.query<RetiredDatabase>(
        `${COLUMNS} WHERE provider_name = $1 AND follows AND dropped_at IS NULL
           AND (held_by IS NULL OR held_by NOT IN (${LIVE}))`,
        [providerName, LIVE_STATES],
      );
      return rows;
    },
    async endFollowing(migrationId) {
      const { rowCount } = await pool.query(
        "UPDATE godwit.retired_databases SET follows = false WHERE migration_id = $1 AND follows",
        [migrationId],
      );
      return rowCount === 1;
    },
  };
}

/** Who may have an old database: a migration that returns to it, or housekeeping, which drops it. */
function claims(pool: Pool): Pick<FleetStore, "holdRetired" | "claimDrop"> {
  return {
    async holdRetired(migrationId, by) {
      const { rowCount } = await pool.query(
        `UPDATE godwit.retired_databases SET held_by = $2
         WHERE migration_id = $1 AND dropped_at IS NULL AND claimed_at IS NULL AND returned_at IS NULL`,
        [migrationId, by],
      );
      return rowCount === 1;
    },
    async claimDrop(migrationId) {
      const { rowCount } = await pool.query(
        `UPDATE godwit.retired_databases SET claimed_at = clock_timestamp()
         WHERE migration_id = $1 AND dropped_at IS NULL AND returned_at IS NULL
           AND (held_by IS NULL OR held_by NOT IN (${LIVE}))`,
        [migrationId, LIVE_STATES],
      );
      return rowCount === 1;
    },
  };
}
