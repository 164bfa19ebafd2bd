import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { asAdmin, closeSession, openSession } from "../session.ts";
import type { Table } from "../tables.ts";
import { compareScopes, type Lane } from "./compare-scopes.ts";
import { readExactForms } from "./exact-forms.ts";

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

/** Runs `work` with pairs of sessions; a failure ends them all. */
export async function withLanes<T>(
  pair: DatabasePair,
  { call, jobs }: CompareOptions,
  work: (lanes: readonly Lane[]) => Promise<T>,
): Promise<T> {
  const open = (side: "source" | "target") =>
    openSession(asAdmin(pair[side].server, pair[side].database), {
      name: "godwit verify",
      signal: call.signal,
    });
  const opened = await Promise.allSettled(
    Array.from({ length: jobs * 2 }, (_, place) => open(place % 2 === 0 ? "source" : "target")),
  );
  const clients = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  try {
    const failed = opened.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const lanes = Array.from({ length: jobs }, (_, place) => clients.slice(place * 2, place * 2 + 2));
    return await work(lanes.flatMap(([source, target]) => (source && target ? [{ source, target }] : [])));
  } finally {
    await Promise.all(clients.map(closeSession));
  }
}

/** Compares the rows of all tables, source live against target, over parallel pairs of sessions. */
export function compareTables(
  pair: DatabasePair,
  tables: readonly Table[],
  options: CompareOptions,
): Promise<TablesCompared> {
  return withLanes(pair, options, async (lanes) => {
    const [first] = lanes;
    if (first === undefined) throw new Error("no session to compare with");
    const forms = await readExactForms(first.source);
    const scopes = tables.map((table) => ({ table, keys: null }));
    const { rows, different } = await compareScopes(lanes, {
      scopes,
      forms,
      rowKeys: new Map(),
      call: options.call,
    });
    const counted = [...rows.values()].reduce((sum, count) => sum + count, 0);
    return { rows: counted, hashed: tables.length - different.length, different };
  });
}
