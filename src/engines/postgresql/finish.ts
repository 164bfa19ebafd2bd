import type { DatabaseAccess, EngineCall } from "../../core/ports/engine.ts";
import { unmarkBuilt } from "./built-mark.ts";
import { forEachWithSession } from "./pool.ts";
import { asOwner, withSession } from "./session.ts";
import { inChunks, isUserSchema, notOfExtension, qualified } from "./sql.ts";

const NAME = "godwit finish";
const TABLES_PER_STATEMENT = 20;

/** Tables and views about which the planner knows nothing, or not all: extended statistics are never carried over. */
const WITHOUT_STATISTICS = `
  SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND ${isUserSchema("n.nspname")}
    AND ${notOfExtension("pg_class", "c.oid")}
    AND (NOT EXISTS (SELECT FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname)
      OR EXISTS (SELECT FROM pg_statistic_ext e WHERE e.stxrelid = c.oid))
  ORDER BY c.relpages DESC`;

/**
 * Gathers the statistics without which the new database would plan its first queries badly, where they
 * were not carried over with the data.
 */
export async function finish(
  target: DatabaseAccess,
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<void> {
  const login = asOwner(target);
  const { signal } = call;
  await unmarkBuilt(target, signal);
  const tables = await withSession(login, { name: NAME, signal }, async (owner) => {
    const { rows } = await owner.query<{ schema: string; name: string }>(WITHOUT_STATISTICS);
    return rows.map(({ schema, name }) => qualified(schema, name));
  });
  let done = 0;
  const options = { login, name: NAME, signal, workers: jobs };
  await forEachWithSession(inChunks(tables, TABLES_PER_STATEMENT), options, async (owner, chunk) => {
    await owner.query(`ANALYZE ${chunk.join(", ")}`);
    done += chunk.length;
    call.report({ label: `gathering statistics (${done} of ${tables.length} tables)` });
  });
}
