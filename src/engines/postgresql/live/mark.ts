import type pg from "pg";

const LOOK_SECONDS = 0.02;

/** `applied`: visible on the target. `kept`: on its disk. */
const REACHED = {
  applied: `SELECT coalesce(r.replay_lsn >= $2::pg_lsn, false) AS reached FROM pg_replication_slots s
    LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid WHERE s.slot_name = $1`,
  kept: "SELECT confirmed_flush_lsn >= $2::pg_lsn AS reached FROM pg_replication_slots WHERE slot_name = $1",
} as const;

/** A position in the source's log that a slot's reader is to reach. */
export interface Mark {
  readonly slot: string;
  readonly lsn: string;
}

/**
 * Writes a mark behind everything that is committed and tells where it is. A position read instead could lie
 * behind a page's header, where no record ends, and would not be reached until somebody writes.
 */
export async function writeMark(admin: pg.Client, slot: string): Promise<Mark> {
  const { rows } = await admin.query<{ lsn: string }>(
    "SELECT pg_logical_emit_message(true, 'godwit', $1)::text AS lsn",
    [slot],
  );
  return { slot, lsn: rows[0]?.lsn ?? "0/0" };
}

/** Waits until the slot's reader has reached the mark. */
export async function untilReached(
  admin: pg.Client,
  what: keyof typeof REACHED,
  { mark, signal }: { readonly mark: Mark; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await admin.query<{ reached: boolean }>(REACHED[what], [mark.slot, mark.lsn]);
    if (rows[0]?.reached === true) return;
    await admin.query(`SELECT pg_sleep(${LOOK_SECONDS})`);
  }
}
