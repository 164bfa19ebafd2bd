import type pg from "pg";
import { z } from "zod";
import { GodwitError } from "../../../../core/failure.ts";
import type { DatabasePair } from "../../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../../core/ports/replication.ts";
import type { JsonObject } from "../../../../core/step.ts";
import { sqlState } from "../../errors.ts";
import { schemaFingerprint } from "../../schema-fingerprint.ts";
import { asAdmin, withSession } from "../../session.ts";
import { readTables } from "../../tables.ts";
import { freeSource } from "../end.ts";
import { replicationNames } from "../names.ts";
import { refuseObstacles } from "../obstacles.ts";
import { createPublication } from "../publication.ts";
import { inReverse } from "./sides.ts";

const NAME = "godwit keep";
/** A slot waits for every transaction that is open on its server, also in databases of others; writers wait for this. */
const SLOT_MS = 5_000;
const CANCELED = "57014";

const notesSchema = z.object({ fingerprint: z.string() });

/** The schema as it was when the stream was made. Throws a `ZodError` when the notes are none. */
export function keptSchema(notes: JsonObject): string {
  return notesSchema.parse(notes).fingerprint;
}

/**
 * Makes the publication and the slot on the new server; who reads them is made when the old database is closed. What an
 * attempt that was interrupted has left is made anew: nobody has written since.
 */
export async function keepChanges(
  { source }: DatabasePair,
  plan: ReplicationPlan,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { name } = replicationNames(plan.id);
  await freeSource(source, plan.id, signal);
  await withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (admin) => {
    await inReverse(() => refuseObstacles(admin));
    await createPublication(admin, name, await readTables(admin));
    await createQuickSlot(admin, name);
  });
  return { fingerprint: await schemaFingerprint(source, signal) };
}

/** No snapshot is needed: both sides are equal now. An interrupted call leaves no slot. */
async function createQuickSlot(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`SET statement_timeout = ${SLOT_MS}`);
  try {
    await admin.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [name]);
  } catch (error) {
    throw sqlState(error) === CANCELED ? keptWaiting() : error;
  }
}

function keptWaiting(): GodwitError {
  return new GodwitError({
    code: "slot-kept-waiting",
    summary: `A transaction on the new server stayed open for longer than the ${SLOT_MS / 1000} s that a switch waits for it.`,
    remedy: "End transactions that stay open on the new server before the next migration.",
  });
}
