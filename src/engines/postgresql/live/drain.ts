import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type { ReplicationPlan, UnderFence } from "../../../core/ports/replication.ts";
import { readSequences, writeSequences } from "../copy/sequences.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { replicationNames } from "./names.ts";
import { resumeReplication } from "./start.ts";
import { enableSubscription } from "./subscription.ts";

const NAME = "godwit drain";
const LOOK_SECONDS = 0.02;

/**
 * Writes a mark behind everything that was committed before the fence and tells where it is. A position read
 * instead could lie behind a page's header, where no record ends, and would not be reached until somebody writes.
 */
async function writeMark(admin: pg.Client, name: string): Promise<string> {
  const { rows } = await admin.query<{ lsn: string }>(
    "SELECT pg_logical_emit_message(true, 'godwit', $1)::text AS lsn",
    [name],
  );
  return rows[0]?.lsn ?? "0/0";
}

/** `applied`: visible on the target. `kept`: on its disk. */
const REACHED = {
  applied: `SELECT coalesce(r.replay_lsn >= $2::pg_lsn, false) AS reached FROM pg_replication_slots s
    LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid WHERE s.slot_name = $1`,
  kept: "SELECT confirmed_flush_lsn >= $2::pg_lsn AS reached FROM pg_replication_slots WHERE slot_name = $1",
} as const;

async function waitUntil(
  admin: pg.Client,
  what: keyof typeof REACHED,
  { name, lsn, call }: { readonly name: string; readonly lsn: string; readonly call: EngineCall },
): Promise<void> {
  for (;;) {
    call.signal.throwIfAborted();
    const { rows } = await admin.query<{ reached: boolean }>(REACHED[what], [name, lsn]);
    if (rows[0]?.reached === true) return;
    await admin.query(`SELECT pg_sleep(${LOOK_SECONDS})`);
  }
}

/** Puts the target's sequences where the source's stand, which replication does not. */
function copySequences({ target }: DatabasePair, admin: pg.Client, call: EngineCall): Promise<void> {
  return withSession(asOwner(target), { name: NAME, signal: call.signal }, async (owner) =>
    writeSequences(owner, await readSequences(admin)),
  );
}

/**
 * Waits until the target has applied everything that was committed before the fence, and has it on disk;
 * then the subscription is stopped, so that nothing reaches the target but its own applications.
 */
export async function drain(
  pair: DatabasePair,
  plan: ReplicationPlan,
  { hold, call }: UnderFence,
): Promise<void> {
  const { source, target } = pair;
  const { name } = replicationNames(plan.id);
  await hold.assertAlive();
  call.report({ label: "waiting for the last changes" });
  await resumeReplication(pair, plan, call.signal);
  await withSession(
    asAdmin(source.server, source.database),
    { name: NAME, signal: call.signal },
    async (admin) => {
      const lsn = await writeMark(admin, name);
      await waitUntil(admin, "applied", { name, lsn, call });
      call.report({ label: "setting sequences" });
      await copySequences(pair, admin, call);
      await waitUntil(admin, "kept", { name, lsn, call });
    },
  );
  await enableSubscription(target, name, { isEnabled: false, signal: call.signal });
  await hold.assertAlive();
}
