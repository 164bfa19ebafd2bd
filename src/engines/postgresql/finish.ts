import type { DatabaseAccess, EngineCall } from "../../core/ports/engine.ts";
import { unmarkBuilt } from "./built-mark.ts";
import { forEachWithSession } from "./pool.ts";
import { asOwner, withSession } from "./session.ts";
import { inChunks, isUserSchema, notOfExtension, qualified } from "./sql.ts";

const NAME = "godwit finish";
const TABLES_PER_STATEMENT = 20;

/** Gathers the statistics without which the new database would plan its first queries badly. */
export async function finish(
  target: DatabaseAccess,
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<void> {
  const login = asOwner(target);
  const { signal } = call;
  await unmarkBuilt(target, signal);
  const tables = await withSession(login, { name: NAME, signal }, async (owner) => {
    const { rows } = await owner.query<{ schema: string; name: string }>(
      `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND ${isUserSchema("n.nspname")}
         AND ${notOfExtension("pg_class", "c.oid")}
       ORDER BY c.relpages DESC`,
    );
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
