import type pg from "pg";
import type { DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import { isBuilt } from "../built-mark.ts";
import { rightsBefore } from "../fence/fence.ts";
import type { WriteRights } from "../fence/write-rights.ts";
import { readAdaptedSchema, readRoleMap, restorePreData } from "../schema/copy-schema.ts";
import type { SchemaEntry } from "../schema/entries.ts";
import { readFencedGrants } from "../schema/fenced-grants.ts";
import type { Schema } from "../schema/read-schema.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { inChunks } from "../sql.ts";
import { readTables, type Table } from "../tables.ts";
import type { PgClient } from "../tools.ts";
import { dropLargeObjects } from "./large-objects.ts";

const NAME = "godwit prepare";

async function truncateAll(target: pg.Client, tables: readonly Table[]): Promise<void> {
  const filled = tables.filter((table) => table.pages > 0);
  for (const chunk of inChunks(filled, 500)) {
    await target.query(`TRUNCATE ONLY ${chunk.map(({ sql }) => sql).join(", ONLY ")}`);
  }
}

/** The rights that the fence has taken, as entries of a schema. */
async function readGrants(
  pair: DatabasePair,
  rights: WriteRights,
  signal: AbortSignal,
): Promise<SchemaEntry[]> {
  const { server, database } = pair.source;
  const roles = await readRoleMap(pair, signal);
  const grants = await withSession(asAdmin(server, database), { name: NAME, signal }, (admin) =>
    readFencedGrants(admin, rights, roles),
  );
  return grants.map((sql) => ({ id: 0, oid: 0, type: "ACL", label: "a grant", needs: [], sql }));
}

/** Makes the target anew with the schema's first half, and with the rights that the fence has taken. */
async function startAnew(
  pair: DatabasePair,
  preData: readonly SchemaEntry[],
  { hold, call }: { readonly hold: FenceHold; readonly call: EngineCall },
): Promise<void> {
  const rights = rightsBefore(hold);
  const grants = rights === null ? [] : await readGrants(pair, rights, call.signal);
  await restorePreData(pair, [...preData, ...grants], call);
}

/**
 * Brings the target to where `copySchema` left it: tables without rows, indexes or constraints. Returns
 * the schema's second half, which is read while rows are copied when nothing else needs it sooner.
 */
export async function prepareTarget(
  pair: DatabasePair,
  client: PgClient,
  { hold, tables, call }: { readonly hold: FenceHold; readonly tables: number; readonly call: EngineCall },
): Promise<{ readonly schema: Promise<Schema> }> {
  const schema = readAdaptedSchema(pair, client, call);
  schema.catch(() => undefined); // Thrown where it is awaited.
  const options = { name: NAME, signal: call.signal };
  const isClean = await withSession(asOwner(pair.target), options, async (target) => {
    const found = await readTables(target);
    if (found.length !== tables || (await isBuilt(target))) return false;
    await truncateAll(target, found);
    await dropLargeObjects(target);
    return true;
  });
  if (!isClean) await startAnew(pair, (await schema).preData, { hold, call });
  return { schema };
}
