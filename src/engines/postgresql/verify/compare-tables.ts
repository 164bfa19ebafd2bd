import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { readFromCache } from "../read-from-cache.ts";
import type { Table } from "../tables.ts";
import { compareScopes } from "./compare-scopes.ts";
import { readExactForms } from "./exact-forms.ts";
import { withManySides } from "./sides.ts";

/** Result of comparing all tables. */
export interface TablesCompared {
  readonly rows: number;
  readonly hashed: number;
  readonly different: readonly Table[];
}

/** How tables are compared. */
export interface CompareOptions {
  readonly call: EngineCall;
  /** Pairs of sessions at once; at least 1. */
  readonly jobs: number;
}

/** Compares the rows of all tables, source live against target, over parallel pairs of sessions. */
export function compareTables(
  pair: DatabasePair,
  tables: readonly Table[],
  options: CompareOptions,
): Promise<TablesCompared> {
  const { call, jobs } = options;
  return withManySides(pair, { count: jobs, signal: call.signal }, async (lanes) => {
    const [first] = lanes;
    if (first === undefined) throw new Error("no session to compare with");
    const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
    await Promise.all(lanes.map(({ target }) => readFromCache(target, bytes)));
    const forms = await readExactForms(first.source);
    const scopes = tables.map((table) => ({ table, keys: null }));
    const { rows, different } = await compareScopes(lanes, {
      scopes,
      forms,
      rowKeys: new Map(),
      call,
    });
    const counted = [...rows.values()].reduce((sum, count) => sum + count, 0);
    return { rows: counted, hashed: tables.length - different.length, different };
  });
}
