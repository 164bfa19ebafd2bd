import type pg from "pg";
import type { EngineCall } from "../../../core/ports/engine.ts";
import { inChunks } from "../sql.ts";
import { readTables, type Table } from "../tables.ts";
import type { ExactForms } from "./exact-forms.ts";
import { type KeyedRead, type KeyValues, type RowKeys, readKeyedContent, without } from "./keyed-content.ts";
import type { Sides } from "./sides.ts";
import { type Content, groupTables, type HashForm, isSame, readContents } from "./table-content.ts";

/** What is compared of a table: all rows, or those with the given keys. */
export interface Scope {
  readonly table: Table;
  readonly keys: readonly KeyValues[] | null;
}

/** What is compared, and how it is read. */
export interface ScopesToCompare {
  readonly scopes: readonly Scope[];
  readonly forms: ExactForms;
  readonly rowKeys: RowKeys;
  /** Rows that are left out of a table's comparison on both sides. */
  readonly leftOut?: (table: Table) => readonly KeyValues[];
  readonly call: Pick<EngineCall, "signal" | "report">;
}

/** Result of comparing all scopes. */
export interface ScopesCompared {
  /** Rows of the source in what was compared whole, by the tables' quoted names, with those that were left out. */
  readonly rows: ReadonlyMap<string, number>;
  readonly different: readonly Table[];
}

/** Keys of a table that are compared in one go; large numbers are shared among the lanes. */
const KEYS_AT_ONCE = 10_000;

/** Compares over all lanes at once; a difference is believed when the text form shows it too. */
export async function compareScopes(
  lanes: readonly Sides[],
  wanted: ScopesToCompare,
): Promise<ScopesCompared> {
  const { there, missing } = await lookForTables(lanes, wanted.scopes);
  const jobs = makeJobs(there);
  const rows = new Map<string, number>();
  const different = new Set<Table>(missing);
  let done = 0;
  const work = async (lane: Sides): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      wanted.call.signal.throwIfAborted();
      wanted.call.report({ label: `comparing ${job.tables[0]?.name}`, doneRows: done });
      const compared = await compareJob(lane, wanted, job);
      for (const table of compared.different) different.add(table);
      for (const [sql, count] of compared.rows) rows.set(sql, count);
      done += [...compared.rows.values()].reduce((sum, count) => sum + count, 0);
    }
  };
  await Promise.all(
    lanes.map((lane) =>
      work(lane).catch((error: unknown) => {
        jobs.length = 0;
        throw error;
      }),
    ),
  );
  return { rows, different: [...different] };
}

/** What the target lacks as a whole, or in its columns, is different without being read, which would fail. */
async function lookForTables(
  [lane]: readonly Sides[],
  scopes: readonly Scope[],
): Promise<{ readonly there: Scope[]; readonly missing: Table[] }> {
  const theirs = lane && scopes.length > 0 ? await readTables(lane.target) : [];
  const columns = new Map(theirs.map((table) => [table.sql, new Set(table.columns.map(({ name }) => name))]));
  const isThere = ({ table }: Scope): boolean => {
    const known = columns.get(table.sql);
    return known !== undefined && table.columns.every(({ name }) => known.has(name));
  };
  return {
    there: scopes.filter(isThere),
    missing: scopes.filter((scope) => !isThere(scope)).map(({ table }) => table),
  };
}

/** Several tables whole, or some keys of one. */
interface Job {
  readonly tables: readonly Table[];
  readonly keys: readonly KeyValues[] | null;
}

function makeJobs(scopes: readonly Scope[]): Job[] {
  const whole = scopes.filter(({ keys }) => keys === null).map(({ table }) => table);
  const keyed = scopes.flatMap(({ table, keys }) =>
    inChunks(keys ?? [], KEYS_AT_ONCE).map((chunk) => ({ tables: [table], keys: chunk })),
  );
  return [...groupTables(whole).map((tables) => ({ tables, keys: null })), ...keyed];
}

async function compareJob(lane: Sides, wanted: ScopesToCompare, job: Job): Promise<ScopesCompared> {
  const first = await compareByForm(lane, job, readerOf(wanted, job, "values"));
  const different: Table[] = [];
  for (const table of first.different) {
    const alone = { ...job, tables: [table] };
    const again = await compareByForm(lane, alone, readerOf(wanted, alone, "text"));
    different.push(...again.different);
  }
  return { rows: job.keys === null ? first.rows : new Map(), different };
}

/** Both sides at the same time: they are different machines. */
async function compareByForm(lane: Sides, { tables }: Job, read: Read): Promise<ScopesCompared> {
  const [ours, theirs] = await Promise.all([read(lane.source), read(lane.target)]);
  return {
    rows: new Map([...ours].map(([sql, { counted }]) => [sql, counted])),
    different: tables.filter(({ sql }) => !isSame(ours.get(sql)?.content, theirs.get(sql)?.content)),
  };
}

interface Found {
  readonly content: Content;
  /** Rows with those that were left out. */
  readonly counted: number;
}

type Read = (client: pg.Client) => Promise<ReadonlyMap<string, Found>>;

function readerOf(wanted: ScopesToCompare, { tables, keys }: Job, form: HashForm): Read {
  const { forms, rowKeys, leftOut = () => [] } = wanted;
  const keyed = (
    client: pg.Client,
    table: Table,
    of: Pick<KeyedRead, "keys" | "leftOut">,
  ): Promise<Content> =>
    readKeyedContent(client, { table, columns: rowKeys.get(table.sql) ?? [], form, forms, ...of });
  const whole = async (client: pg.Client, table: Table, all: Content): Promise<Content> => {
    const some = leftOut(table);
    return some.length === 0 ? all : without(all, await keyed(client, table, { keys: some, leftOut: [] }));
  };
  return async (client) => {
    const found = new Map<string, Found>();
    const read = keys === null ? await readContents(client, tables, { form, forms }) : null;
    for (const table of tables) {
      const all = read?.get(table.sql);
      const content = all
        ? await whole(client, table, all)
        : await keyed(client, table, { keys: keys ?? [], leftOut: leftOut(table) });
      found.set(table.sql, { content, counted: Number(all?.rows ?? 0) });
    }
    return found;
  };
}
