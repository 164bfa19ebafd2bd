import { setTimeout as wait } from "node:timers/promises";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { describeError } from "../errors.ts";
import type { Table } from "../tables.ts";
import { type ExactForms, readExactForms } from "./exact-forms.ts";
import { narrowDown, type Suspect } from "./narrow-down.ts";
import { type Sides, withSides } from "./sides.ts";
import { readTableKey, type Span } from "./table-key.ts";

/** What is not found by then is not looked for any longer: the database is read-only meanwhile. */
const PATIENCE_MS = 20_000;
const TABLES_SEARCHED = 4;
const RANGES_SHOWN = 3;

interface Ends {
  readonly first: string | null;
  readonly last: string | null;
  readonly rows: string;
}

/** First and last of the rows in a range: their keys, or their positions where keys are not to be shown. */
async function readEnds(client: Sides["source"], { table, key }: Suspect, span: Span): Promise<Ends> {
  const { rows } = await client.query<Ends>(
    key.shown === null
      ? `SELECT min(place)::text AS first, max(place)::text AS last, count(*)::text AS rows FROM (
           SELECT row_number() OVER (ORDER BY ${key.order.sql}) AS place, ${key.within(span)} AS hit
           FROM ONLY ${table.sql} AS t) AS placed WHERE hit`
      : `SELECT (array_agg(k ORDER BY k))[1]::text AS first, (array_agg(k ORDER BY k DESC))[1]::text AS last, count(*)::text AS rows
         FROM (SELECT ${key.shown.sql} AS k FROM ONLY ${table.sql} AS t WHERE ${key.within(span)}) AS keys`,
  );
  return rows[0] ?? { first: null, last: null, rows: "0" };
}

async function describeSpan(sides: Sides, suspect: Suspect, span: Span): Promise<string> {
  const [ours, theirs] = await Promise.all([
    readEnds(sides.source, suspect, span),
    readEnds(sides.target, suspect, span),
  ]);
  // Of a row that only the new database has, the old one knows neither key nor place.
  const ends = ours.first === null ? theirs : ours;
  const what = suspect.key.shown === null ? "row" : suspect.key.shown.name;
  const range = ends.first === ends.last ? ends.first : `${ends.first} to ${ends.last}`;
  const counts =
    ours.rows === theirs.rows ? "" : `, ${ours.rows} rows in the old and ${theirs.rows} in the new`;
  const order = suspect.key.shown === null ? ` ${suspect.key.order.label}` : "";
  return `${what} ${range}${order}${counts}`;
}

async function describeSpans(sides: Sides, suspect: Suspect, spans: readonly Span[]): Promise<string> {
  const parts: string[] = [];
  for (const span of spans.slice(0, RANGES_SHOWN)) parts.push(await describeSpan(sides, suspect, span));
  const more = spans.length - parts.length;
  return [...parts, ...(more > 0 ? [`${more} more ranges`] : [])].join("; ");
}

async function searchTable(
  sides: Sides,
  { table, forms }: { readonly table: Table; readonly forms: ExactForms },
  tell: (text: string) => void,
): Promise<void> {
  const suspect = { table, forms, key: await readTableKey(sides.source, table, forms) };
  let found: readonly Span[] = [];
  await narrowDown(sides, suspect, (spans) => {
    found = spans;
  });
  tell(await describeSpans(sides, suspect, found));
}

/**
 * Says of each table that differs where: ranges of keys, or positions; never a value. Bounded in time:
 * what cannot be found by then is named alone, since that it differs is certain.
 */
export async function locateDifferences(
  pair: DatabasePair,
  tables: readonly Table[],
  call: EngineCall,
): Promise<string[]> {
  if (tables.length === 0) return [];
  call.report({ label: "looking for the rows that differ" });
  const texts = new Map<string, string>();
  const stop = new AbortController();
  const signal = AbortSignal.any([call.signal, stop.signal]);
  const search = withSides(pair, signal, async (sides) => {
    const forms = await readExactForms(sides.source);
    for (const table of tables.slice(0, TABLES_SEARCHED)) {
      await searchTable(sides, { table, forms }, (text) => texts.set(table.sql, text));
    }
  }).catch((error: unknown) =>
    call.log.debug({ reason: describeError(error) }, "differing rows not located"),
  );
  const patience = wait(PATIENCE_MS, undefined, { signal, ref: false }).catch(() => undefined);
  await Promise.race([search, patience]);
  stop.abort();
  await search;
  call.signal.throwIfAborted();
  return tables.map(({ sql }) => {
    const text = texts.get(sql) ?? "";
    return text === "" ? `table ${sql}` : `table ${sql} (${text})`;
  });
}
