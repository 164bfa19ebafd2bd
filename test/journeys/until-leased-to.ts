import { until } from "../support/until.ts";
import type { Scene } from "./scene.ts";
import type { GodwitProcess } from "./start-godwit.ts";

/** From then on no other worker moves the migration on. */
export function untilLeasedTo({ pool }: Scene, { pid }: GodwitProcess): Promise<true> {
  const isTaken = async () => {
    const { rowCount } = await pool.query(
      "SELECT FROM godwit.leases WHERE owner LIKE $1 AND until > clock_timestamp()",
      [`%:${pid}:%`],
    );
    return rowCount === 1;
  };
  return until(isTaken, { what: "the worker to take the migration", timeoutMs: 60_000 });
}
