import type pg from "pg";
import { GodwitError } from "../../../../core/failure.ts";
import type { DatabaseAccess, DatabasePair } from "../../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../../core/ports/replication.ts";
import type { Secret } from "../../../../core/secret.ts";
import type { JsonObject } from "../../../../core/step.ts";
import { parseUndo } from "../../fence/plan-fence.ts";
import { restoreWriteRights } from "../../fence/write-rights.ts";
import { listNames } from "../../preflight/check.ts";
import { readVersion } from "../../server-version.ts";
import { asAdmin, withSession } from "../../session.ts";
import { readTables } from "../../tables.ts";
import { replicationLost } from "../lag.ts";
import { replicationNames } from "../names.ts";
import { refuseFullTarget } from "../obstacles.ts";
import { connectionString, makeReplicationRole } from "../replication-role.ts";
import { hasUsableSlot } from "../slot.ts";
import { createSubscription, enableSubscription, readSubscription } from "../subscription.ts";
import { makeApplier } from "./applier.ts";
import { inReverse, turnedError } from "./sides.ts";

const NAME = "godwit follow";

interface Following {
  readonly fenceNotes: JsonObject;
  readonly signal: AbortSignal;
}

/**
 * Subscribes the old database, which is closed by now, to what was kept. Changes are applied with the rights of the
 * tables' owner, as on the way there, so the rights that the fence has taken are given back; nobody but
 * administrators may connect, and everything is read-only for who does not say otherwise.
 */
export async function followChanges(
  { source, target }: DatabasePair,
  plan: ReplicationPlan,
  { fenceNotes, signal }: Following,
): Promise<void> {
  const { name } = replicationNames(plan.id);
  if ((await readSubscription(target, name, signal)) === null) {
    const appliesAs = await prepareOld(target, plan.id, { fenceNotes, signal });
    const { connection, sourceVersion } = await openNew(source, name, signal);
    const wanted = { name, connection, isBinary: false, sourceVersion, stopsOnError: true };
    const sides = { source, target };
    await inReverse(() => createSubscription(sides, { ...wanted, ...(appliesAs && { appliesAs }) }, signal));
  }
  await enableSubscription(target, name, { isEnabled: true, signal });
}

/** Resolves with the role as whom changes are applied, where there has to be one. */
async function prepareOld(
  target: DatabaseAccess,
  id: string,
  { fenceNotes, signal }: Following,
): Promise<string | undefined> {
  const { server, database, username } = target;
  return await withSession(asAdmin(server, database), { name: NAME, signal }, async (admin) => {
    const { rows } = await admin.query("SELECT FROM pg_roles WHERE rolname = $1 AND rolsuper", [username]);
    const { rights } = parseUndo(fenceNotes);
    if (rows.length > 0 || rights === null) throw aboveRights(username);
    await inReverse(() => refuseFullTarget(admin));
    await restoreWriteRights(admin, rights);
    const applier = await makeApplier(admin, target, id);
    if (applier !== undefined) await refuseUnwritable(admin, { username, applier });
    return applier;
  });
}

/** Nobody can close a door to a superuser, who would write to a database that is about to be overwritten. */
function aboveRights(username: string): GodwitError {
  return new GodwitError({
    code: "application-above-rights",
    summary: `The role ${username}, or one that it acts as, is a superuser on the old server, so no door is closed to it.`,
    remedy: "Take that right from the role before the next migration.",
  });
}

/** It has the rights of the database's owner, who may not be the owner of all tables. */
async function refuseUnwritable(
  admin: pg.Client,
  { username, applier }: { readonly username: string; readonly applier: string },
): Promise<void> {
  const oids = (await readTables(admin)).map(({ oid }) => oid);
  const { rows } = await admin.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM unnest($2::int8[]) AS t (number), LATERAL (SELECT t.number::oid AS oid) o
     WHERE NOT (has_table_privilege($1, oid, 'INSERT') AND has_table_privilege($1, oid, 'UPDATE')
       AND has_table_privilege($1, oid, 'DELETE') AND has_table_privilege($1, oid, 'TRUNCATE'))`,
    [applier, oids],
  );
  if (rows.length === 0) return;
  throw new GodwitError({
    code: "not-writable",
    summary: `The role ${username} may not write to these tables of the old database: ${listNames(rows.map(({ name }) => name))}.`,
    remedy: "Let that role own all tables of the database before the next migration.",
  });
}

async function openNew(
  source: DatabaseAccess,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly connection: Secret; readonly sourceVersion: number }> {
  return await withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (admin) => {
    if (!(await hasUsableSlot(admin, name))) throw turnedError(replicationLost(source.database));
    const password = await makeReplicationRole(admin, source, name);
    return {
      connection: connectionString(source, name, password),
      sourceVersion: await readVersion(admin),
    };
  });
}
