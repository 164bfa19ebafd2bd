import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { inParallel } from "../../in-parallel.ts";
import { type Part, planParts } from "../copy/parts.ts";
import type { Table } from "../schema/tables.ts";
import { asAdmin, openSession, type Session, withAdmin } from "../session.ts";
import { type Difference, mismatch } from "./mismatch.ts";
import { type Content, contentQuery } from "./row-hash.ts";

/** Rows and bytes that were compared. */
export interface ComparedRows {
  readonly rows: number;
  readonly bytes: number;
}

/** In words, without the values of any row: the cuts are numbers of our own. */
function placeOf({ table, where }: Part): string {
  return where === "" ? `table ${table.name}` : `table ${table.name}, rows with ${where.replaceAll("`", "")}`;
}

function differs(source: Content, target: Content): string | null {
  if (source.total !== target.total)
    return `${source.total} rows on the old database, ${target.total} on the new one`;
  if (source.first !== target.first || source.second !== target.second) return "its rows differ";
  return null;
}

/** Compares all rows, both sides at once, several parts side by side. Reads everything before it tells what differs. */
export async function compareRows(
  pair: DatabasePair,
  tables: readonly Table[],
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<ComparedRows> {
  const { source, target } = pair;
  const parts = await withAdmin(source.server, call.signal, (admin) =>
    planParts(admin, source.database, tables),
  );
  const queue = [...parts];
  const differences: Difference[] = [];
  let [rows, bytes] = [0, 0];
  const totalBytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  await inParallel(Math.min(jobs, parts.length), call.signal, async (signal) => {
    const sessions = await Promise.all(
      [source, target].map(({ server }) => openSession(asAdmin(server), { signal })),
    );
    const ask = async (side: number, part: Part): Promise<Content> => {
      const database = side === 0 ? source.database : target.database;
      const session = sessions[side] as Session;
      const query = contentQuery(part.table, { database, where: part.where, flavour: session.flavour });
      return (await session.rows<Content>(query))[0] ?? { total: "0", first: null, second: null };
    };
    try {
      for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
        signal.throwIfAborted();
        const [old, copy] = await Promise.all([ask(0, part), ask(1, part)]);
        const what = differs(old, copy);
        if (what !== null) differences.push({ place: placeOf(part), what });
        rows += Number(old.total);
        bytes += part.bytes;
        call.report({ label: `comparing ${part.table.name}`, doneBytes: bytes, totalBytes, doneRows: rows });
      }
    } finally {
      await Promise.all(sessions.map((session) => session.close()));
    }
  });
  if (differences.length > 0) throw mismatch(source.database, differences);
  return { rows, bytes: Math.round(bytes) };
}
