import type { PoolClient } from "pg";
import type { Gate } from "../core/gate.ts";

/** Writes that concern the gate. */
export function gateWrites(client: PoolClient) {
  return {
    async putGate(migrationId: string, gate: Gate): Promise<void> {
      await client.query(
        `INSERT INTO godwit.gates (migration_id, mode, switch_at, state, reason, tries, retry_at, decided_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (migration_id) DO UPDATE SET mode = excluded.mode, switch_at = excluded.switch_at,
           state = excluded.state, reason = excluded.reason, tries = excluded.tries, retry_at = excluded.retry_at,
           decided_by = excluded.decided_by`,
        [
          migrationId,
          gate.mode,
          gate.mode === "at" ? gate.switchAt : null,
          gate.state,
          gate.reason,
          gate.tries,
          gate.retryAt,
          gate.decidedBy && JSON.stringify(gate.decidedBy),
        ],
      );
    },
  };
}
