import type pg from "pg";
import type { CopyJournal, DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import { isBuilt } from "../built-mark.ts";
import { rightsBefore } from "../fence/fence.ts";
import type { WriteRights } from "../fence/write-rights.ts";
import type { SchemaEntry } from "../schema/entries.ts";
import { dropEventTriggers } from "../schema/event-triggers.ts";
import { readFencedGrants } from "../schema/fenced-grants.ts";
import { restorePreData } from "../schema/restore-pre-data.ts";
import { readRoleMap } from "../schema/role-map.ts";
import type { ReadSchema } from "../schema/schema-memory.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { inChunks } from "../sql.ts";
import { readTables, type Table } from "../tables.ts";
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
  { hold, call, jobs }: Preparation,
): Promise<void> {
  const rights = rightsBefore(hold);
  const grants = rights === null ? [] : await readGrants(pair, rights, call.signal);
  await restorePreData(pair, [...preData, ...grants], { call, jobs });
}

/** What preparing needs besides the schema. */
export interface Preparation {
  readonly hold: FenceHold;
  /** The source's tables. */
  readonly tables: readonly Table[];
  readonly journal?: CopyJournal | undefined;
  readonly call: EngineCall;
  readonly jobs: number;
}

/** Empties the target where it is as the schema's first half left it, or where an earlier run can be gone on with. */
async function reuse(
  pair: DatabasePair,
  { tables, journal, call }: Preparation,
): Promise<ReadonlySet<string> | null> {
  return withSession(asOwner(pair.target), { name: NAME, signal: call.signal }, async (target) => {
    const found = await readTables(target);
    const isWhole = found.length === tables.length;
    const done = journal?.done ?? new Set<string>();
    const isGoneOn = done.size > 0;
    if (!isWhole || (!isGoneOn && (await isBuilt(target)))) return null;
    await truncateAll(
      target,
      found.filter(({ sql }) => !done.has(sql)),
    );
    await dropLargeObjects(target);
    await dropEventTriggers(pair.target, call.signal);
    return done;
  });
}

/**
 * Brings the target to where `copySchema` left it: tables without rows, indexes or constraints; or with
 * those that the journal calls done. Returns the names of the latter.
 */
export async function prepareTarget(
  pair: DatabasePair,
  { schema, hasChanged }: ReadSchema,
  preparation: Preparation,
): Promise<ReadonlySet<string>> {
  const reused = await reuse(pair, preparation);
  if (reused !== null && !hasChanged) return reused;
  preparation.journal?.clear();
  await startAnew(pair, (await schema).preData, preparation);
  return new Set();
}
