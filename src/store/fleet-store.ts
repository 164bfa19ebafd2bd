import type { Pool } from "pg";
import type { FleetAddon, FleetStore, Measurement } from "../core/ports/fleet.ts";
import type { JsonObject } from "../core/step.ts";
import { retirements } from "./retired-databases.ts";
import type { Keyring } from "./secrets/keyring.ts";
import { placeOfSecret } from "./secrets/place.ts";

const ADDON = `SELECT id, provider_name AS "providerName", name, engine, server_id AS "serverId", plan_id AS "planId",
  database, username, secret_ref AS "secretRef", applications FROM godwit.fleet_addons`;

/** The fleet's records in PostgreSQL, its passwords encrypted by the keyring. */
export function createFleetStore(pool: Pool, keyring: Keyring): FleetStore {
  return {
    adopt: (addon, password) => adopt(pool, addon, keyring.seal(placeOfSecret(addon.secretRef), password)),
    async addons(providerName) {
      return (await pool.query<FleetAddon>(`${ADDON} WHERE provider_name = $1 ORDER BY name`, [providerName]))
        .rows;
    },
    async addon(providerName, id) {
      return (
        await pool.query<FleetAddon>(`${ADDON} WHERE provider_name = $1 AND id = $2`, [providerName, id])
      ).rows[0];
    },
    ...secrets(pool, keyring),
    ...retirements(pool),
    async stepOutput(migrationId, step) {
      const { rows } = await pool.query<{ output: JsonObject }>(
        "SELECT output FROM godwit.steps WHERE migration_id = $1 AND name = $2 AND status = 'done'",
        [migrationId, step],
      );
      return rows[0] && (rows[0].output ?? {});
    },
    measurements: (providerName, engine) => measurements(pool, providerName, engine),
  };
}

async function adopt(pool: Pool, addon: FleetAddon, ciphertext: string): Promise<void> {
  await pool.query(
    `WITH adopted AS (
       INSERT INTO godwit.fleet_addons
         (id, provider_name, name, engine, server_id, plan_id, database, username, secret_ref, applications)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING secret_ref
     )
     INSERT INTO godwit.secrets (ref, ciphertext) SELECT secret_ref, $11 FROM adopted
     ON CONFLICT (ref) DO UPDATE SET ciphertext = excluded.ciphertext, value = NULL`,
    [
      addon.id,
      addon.providerName,
      addon.name,
      addon.engine,
      addon.serverId,
      addon.planId,
      addon.database,
      addon.username,
      addon.secretRef,
      JSON.stringify(addon.applications),
      ciphertext,
    ],
  );
}

function secrets(pool: Pool, keyring: Keyring): Pick<FleetStore, "putSecret" | "secret" | "deleteSecret"> {
  return {
    async putSecret(ref, value) {
      await pool.query(
        `INSERT INTO godwit.secrets (ref, ciphertext) VALUES ($1, $2) ON CONFLICT (ref) DO UPDATE
         SET ciphertext = excluded.ciphertext, value = NULL, stored_at = clock_timestamp()`,
        [ref, keyring.seal(placeOfSecret(ref), value)],
      );
    },
    async secret(ref) {
      const { rows } = await pool.query<{ ciphertext: string | null }>(
        "SELECT ciphertext FROM godwit.secrets WHERE ref = $1",
        [ref],
      );
      return rows[0] && keyring.open(placeOfSecret(ref), rows[0].ciphertext ?? "");
    },
    async deleteSecret(ref) {
      await pool.query("DELETE FROM godwit.secrets WHERE ref = $1", [ref]);
    },
  };
}

async function measurements(pool: Pool, providerName: string, engine: string): Promise<Measurement[]> {
  const { rows } = await pool.query<Measurement>(
    `SELECT source ->> 'providerName' AS "providerName", source ->> 'engine' AS engine,
       (proof ->> 'bytes')::float8 AS bytes,
       CASE target ->> 'strategy' WHEN 'dump' THEN 'dump' ELSE 'live' END AS strategy,
       (extract(epoch FROM read_only_until - read_only_from) * 1000)::float8 AS "readOnlyMs"
     FROM godwit.migrations
     WHERE state = 'succeeded' AND revert_of IS NULL
       AND NOT EXISTS (SELECT FROM godwit.events e WHERE e.migration_id = id AND e.type = 'failed')
       AND proof IS NOT NULL AND read_only_until IS NOT NULL
       AND source ->> 'providerName' = $1 AND source ->> 'engine' = $2
     ORDER BY finished_at DESC LIMIT 20`,
    [providerName, engine],
  );
  return rows;
}
