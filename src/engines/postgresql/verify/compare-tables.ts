import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { sqlState } from "../errors.ts";
import { inParallel } from "../pool.ts";
import { asAdmin, closeSession, openSession, type SessionOptions } from "../session.ts";
import type { Table } from "../tables.ts";
import { type ExactForms, readExactForms } from "./exact-forms.ts";
import { groupTables, type HashForm, isSame, readContents } from "./table-content.ts";

/** Result of comparing all tables. */
export interface TablesCompared {
  readonly rows: number;
  readonly hashed: number;
  readonly different: readonly Table[];
}

interface Sides {
  readonly source: pg.Client;
  readonly target: pg.Client;
  readonly forms: ExactForms;
}

const UNDEFINED_TABLE = "42P01";
const UNDEFINED_COLUMN = "42703";

/** Both sides at the same time: they are different machines. */
async function compareGroup(
  sides: Sides,
  group: readonly Table[],
  form: HashForm,
): Promise<{ rows: number; different: Table[] }> {
  const [source, target] = await Promise.all([
    readContents(sides.source, group, { form, forms: sides.forms }),
    readContents(sides.target, group, { form, forms: sides.forms }).catch((error: unknown) => {
      const state = sqlState(error);
      if (state !== UNDEFINED_TABLE && state !== UNDEFINED_COLUMN) throw error;
      return null;
    }),
  ]);
  const rows = [...source.values()].reduce((sum, content) => sum + Number(content.rows), 0);
  const different = group.filter(({ sql }) => !isSame(source.get(sql), target?.get(sql)));
  return { rows, different };
}

/** A difference by values is looked at again by text, each table alone, before it is believed. */
async function confirmDifferent(sides: Sides, suspects: readonly Table[]): Promise<Table[]> {
  const different: Table[] = [];
  for (const table of suspects) {
    const again = await compareGroup(sides, [table], "text");
    if (again.different.length > 0) different.push(table);
  }
  return different;
}

/** Compares the rows of all tables, source live against target, over parallel pairs of sessions. */
export async function compareTables(
  pair: DatabasePair,
  tables: readonly Table[],
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<TablesCompared> {
  const groups = groupTables(tables);
  const queue = [...groups];
  const different: Table[] = [];
  let rows = 0;
  await inParallel(Math.min(jobs, groups.length), call.signal, async (signal) => {
    const options: SessionOptions = { name: "godwit verify", signal };
    const open = async (side: "source" | "target"): Promise<pg.Client> =>
      openSession(asAdmin(pair[side].server, pair[side].database), options);
    const [source, target] = await Promise.all([open("source"), open("target")]);
    try {
      const sides = { source, target, forms: await readExactForms(source) };
      for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
        signal.throwIfAborted();
        call.report({ label: `comparing ${group[0]?.name}`, doneRows: rows });
        const compared = await compareGroup(sides, group, "values");
        different.push(...(await confirmDifferent(sides, compared.different)));
        rows += compared.rows;
      }
    } finally {
      await Promise.all([closeSession(source), closeSession(target)]);
    }
  });
  return { rows, hashed: tables.length - different.length, different };
}
