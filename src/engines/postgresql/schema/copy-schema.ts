import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { markBuilt, unmarkBuilt } from "../built-mark.ts";
import { recreateDatabase } from "../provision.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import type { PgClient } from "../tools.ts";
import { adaptEntries, type RoleMap, readPolicyRoles } from "./adapt-entries.ts";
import { buildPostData } from "./build-post-data.ts";
import type { SchemaEntry } from "./entries.ts";
import { readSchema, type Schema } from "./read-schema.ts";
import { RESTORE_SETTINGS, restoreEntries } from "./restore-entries.ts";

const NAME = "godwit schema";

/** What the schema calls need besides the pair. */
export interface SchemaTools {
  readonly client: PgClient;
  readonly jobs: number;
}

/** Roles of both sides. */
export async function readRoleMap(pair: DatabasePair, signal: AbortSignal): Promise<RoleMap> {
  const { source, target } = pair;
  return withSession(asAdmin(target.server), { name: NAME, signal }, async (admin) => {
    const { rows } = await admin.query<{ name: string }>("SELECT rolname AS name FROM pg_roles");
    const known = new Set(rows.map(({ name }) => name));
    return { sourceOwner: source.username, targetOwner: target.username, known };
  });
}

/** Reads the source's schema as the target can take it. */
export async function readAdaptedSchema(
  pair: DatabasePair,
  client: PgClient,
  call: EngineCall,
): Promise<Schema> {
  const { source } = pair;
  const { signal, log } = call;
  const login = asAdmin(source.server, source.database);
  const [schema, policies, roles] = await Promise.all([
    readSchema(source, client, signal),
    withSession(login, { name: NAME, signal }, readPolicyRoles),
    readRoleMap(pair, signal),
  ]);
  const preData = adaptEntries(schema.preData, roles, policies);
  const postData = adaptEntries(schema.postData, roles, policies);
  const skippedGrants = preData.skippedGrants + postData.skippedGrants;
  if (skippedGrants > 0) log.info({ skippedGrants }, "grants to roles the target lacks left out");
  return { preData: preData.entries, postData: postData.entries };
}

/** Makes the target anew with only the part of the schema that a copy needs. */
export async function restorePreData(
  pair: DatabasePair,
  preData: readonly SchemaEntry[],
  call: EngineCall,
): Promise<void> {
  await recreateDatabase(pair, call);
  await markBuilt(pair.target, call.signal);
  const options = { name: NAME, signal: call.signal, settings: RESTORE_SETTINGS };
  await withSession(asOwner(pair.target), options, (owner) => restoreEntries(owner, preData, call.log));
  await unmarkBuilt(pair.target, call.signal);
}

/**
 * Restores the whole schema once on trial, while the source is still open, so that whatever the new
 * server refuses is found now; then starts again with the part that a copy needs.
 */
export async function copySchema(pair: DatabasePair, call: EngineCall, tools: SchemaTools): Promise<void> {
  call.report({ label: "reading the schema" });
  const schema = await readAdaptedSchema(pair, tools.client, call);
  call.report({ label: "trying the schema on the new server" });
  await restorePreData(pair, schema.preData, call);
  if (schema.postData.length === 0) return;
  await buildPostData(pair.target, schema.postData, { call, jobs: tools.jobs });
  call.report({ label: "restoring the schema" });
  await restorePreData(pair, schema.preData, call);
}
