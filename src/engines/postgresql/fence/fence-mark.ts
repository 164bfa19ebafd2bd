import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import { FENCE_MARK } from "./fence-settings.ts";

/** Who has fenced the database, or null when it bears no fence's mark. */
export async function readFenceMark(admin: pg.Client, database: string): Promise<string | null> {
  const { rows } = await admin.query<{ entry: string }>(
    `SELECT entry FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
     CROSS JOIN unnest(s.setconfig) AS entry
     WHERE d.datname = $1 AND s.setrole = 0 AND starts_with(entry, $2)`,
    [database, `${FENCE_MARK}=`],
  );
  return rows[0]?.entry.slice(FENCE_MARK.length + 1) ?? null;
}

/** Whether a mark is this holder's; fences of older releases are marked `on`, whoever holds them. */
export function isMarkOf(mark: string | null, holder: string): boolean {
  return mark === holder || mark === "on";
}

/** What is thrown when somebody else's fence is in the way. */
export function alreadyFenced(database: string, mark: string): GodwitError {
  const who = mark === "on" ? "an earlier migration" : mark;
  return new GodwitError({
    code: "already-fenced",
    class: "permanent",
    summary: `${database} is fenced already, by ${who}.`,
    remedy: "Wait until that migration has ended, or lift its fence, then try again.",
  });
}
