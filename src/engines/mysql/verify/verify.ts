import type { DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { Proof } from "../../../core/proof.ts";
import { capabilities } from "../capabilities.ts";
import { readSchema } from "../schema/read-schema.ts";
import { compareDefinitions } from "./compare-definitions.ts";
import { compareRows } from "./compare-rows.ts";
import { mismatch } from "./mismatch.ts";

/** Compares both sides under the fence: definitions, counters, and every row of every table. */
export async function verify(
  pair: DatabasePair,
  hold: FenceHold,
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<Proof> {
  const startedAt = performance.now();
  await hold.assertAlive();
  call.report({ label: "comparing definitions" });
  const [source, target] = await Promise.all([
    readSchema(pair.source, call.signal),
    readSchema(pair.target, call.signal),
  ]);
  const { counters, objects, differences } = compareDefinitions(source, target, pair);
  if (differences.length > 0) throw mismatch(pair.source.database, differences);
  const { rows, bytes } = await compareRows(pair, source.tables, { call, jobs });
  await hold.assertAlive();
  return {
    units: capabilities.units,
    tables: source.tables.length,
    rows,
    bytes,
    hashedTables: source.tables.length,
    sequences: counters,
    objects,
    milliseconds: Math.round(performance.now() - startedAt),
    notVerified: [],
  };
}
