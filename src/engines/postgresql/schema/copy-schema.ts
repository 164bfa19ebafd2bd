import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { markBuilt } from "../built-mark.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { adaptEntries, readPolicyRoles } from "./adapt-entries.ts";
import { readSchema, type Schema, type SchemaReader } from "./read-schema.ts";
import { RESTORE_SETTINGS, restoreEntries } from "./restore-entries.ts";
import { restorePreData } from "./restore-pre-data.ts";
import { readRoleMap } from "./role-map.ts";
import { readLongConstraints, splitConstraints } from "./split-constraints.ts";
import { tryPostData } from "./try-post-data.ts";

const NAME = "godwit schema";

/** What the schema calls need besides the pair. */
export interface SchemaTools extends SchemaReader {
  readonly jobs: number;
}

/** The dump's numbers of tables, by their OIDs on the source. */
export function tableIds({ preData }: Pick<Schema, "preData">): Map<number, number> {
  const tables = preData.filter(({ type }) => type === "TABLE" || type === "MATERIALIZED VIEW");
  return new Map(tables.map(({ oid, id }) => [oid, id]));
}

/** Reads the source's schema as the target can take it. */
export async function readAdaptedSchema(
  pair: DatabasePair,
  reader: SchemaReader,
  call: EngineCall,
): Promise<Schema> {
  const { source } = pair;
  const { signal, log } = call;
  const login = asAdmin(source.server, source.database);
  const [schema, [policies, long], roles] = await Promise.all([
    readSchema(source, reader, signal),
    withSession(login, { name: NAME, signal }, async (admin) => {
      return [await readPolicyRoles(admin), await readLongConstraints(admin)] as const;
    }),
    readRoleMap(pair, signal),
  ]);
  const preData = adaptEntries(schema.preData, roles, policies);
  const postData = adaptEntries(schema.postData, roles, policies);
  const skippedGrants = preData.skippedGrants + postData.skippedGrants;
  if (skippedGrants > 0) log.info({ skippedGrants }, "grants to roles the target lacks left out");
  return {
    preData: preData.entries,
    postData: splitConstraints(postData.entries, long, tableIds(schema)),
    statistics: schema.statistics,
  };
}

/**
 * Restores the part of the schema that a copy needs, and tries the rest while the source is still open, so
 * that whatever the new server refuses is found now. Returns what it read.
 */
export async function copySchema(pair: DatabasePair, call: EngineCall, tools: SchemaTools): Promise<Schema> {
  call.report({ label: "reading the schema" });
  const schema = await readAdaptedSchema(pair, tools, call);
  call.report({ label: "restoring the schema" });
  await restorePreData(pair, schema.preData, { call, jobs: tools.jobs });
  call.report({ label: "trying the schema on the new server" });
  if (await tryPostData(pair.target, schema.postData, { call, jobs: tools.jobs })) return schema;
  await markBuilt(pair.target, call.signal);
  const options = { name: NAME, signal: call.signal, settings: RESTORE_SETTINGS };
  await withSession(asOwner(pair.target), options, (owner) => restoreEntries(owner, schema.postData, call));
  await restorePreData(pair, schema.preData, { call, jobs: tools.jobs });
  return schema;
}
