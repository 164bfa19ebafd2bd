import type pg from "pg";
import type { Table } from "../tables.ts";
import type { ExactForms } from "./exact-forms.ts";
import type { Sides } from "./sides.ts";
import { type Content, isSame, rowHash } from "./table-content.ts";
import type { Span, TableKey } from "./table-key.ts";

/** Ranges that are looked at further; with more of them, the differences are everywhere. */
const SPANS_FOLLOWED = 8;
const BUCKETS = 64n;

/** A table whose rows differ, and how to find which. */
export interface Suspect {
  readonly table: Table;
  readonly key: TableKey;
  readonly forms: ExactForms;
}

async function readRange(client: pg.Client, { table, key }: Suspect): Promise<Span | null> {
  const { rows } = await client.query<{ from: string | null; to: string | null }>(
    `SELECT min(k)::text AS from, max(k)::text AS to FROM (SELECT ${key.number} AS k FROM ONLY ${table.sql} AS t) AS keys`,
  );
  const { from = null, to = null } = rows[0] ?? {};
  return from === null || to === null ? null : { from: BigInt(from), to: BigInt(to) };
}

/** The range of keys that the two sides have between them; null where both are empty. */
async function wholeRange(sides: Sides, suspect: Suspect): Promise<Span | null> {
  const ranges = await Promise.all([readRange(sides.source, suspect), readRange(sides.target, suspect)]);
  const [first, ...others] = ranges.filter((range) => range !== null);
  if (first === undefined) return null;
  const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
  const greatest = (one: bigint, other: bigint): bigint => (one > other ? one : other);
  return others.reduce(
    (span, range) => ({ from: least(span.from, range.from), to: greatest(span.to, range.to) }),
    first,
  );
}

const stepOf = ({ from, to }: Span): bigint => (to - from) / BUCKETS + 1n;

async function readBuckets(
  client: pg.Client,
  { table, key, forms }: Suspect,
  span: Span,
): Promise<Map<number, Content>> {
  const { rows } = await client.query<Content & { readonly bucket: number }>(
    `SELECT floor((k::numeric - ${span.from}) / ${stepOf(span)})::int AS bucket, count(*)::text AS rows,
       bit_xor(h)::text AS xor, sum(h)::text AS sum
     FROM (WITH apart AS (SELECT) SELECT ${key.number} AS k, ${rowHash(table, "text", forms)} AS h FROM ONLY ${table.sql} AS t
       WHERE ${key.within(span)}) AS hashed GROUP BY 1`,
  );
  return new Map(rows.map(({ bucket, ...content }) => [bucket, content]));
}

/** The parts of a range in which the sides differ. */
async function splitSpan(sides: Sides, suspect: Suspect, span: Span): Promise<Span[]> {
  const [ours, theirs] = await Promise.all([
    readBuckets(sides.source, suspect, span),
    readBuckets(sides.target, suspect, span),
  ]);
  const buckets = [...new Set([...ours.keys(), ...theirs.keys()])].sort((one, other) => one - other);
  const step = stepOf(span);
  const different = buckets.filter((bucket) => !isSame(ours.get(bucket), theirs.get(bucket)));
  return different.map((bucket) => {
    const from = span.from + BigInt(bucket) * step;
    const to = from + step - 1n;
    return { from, to: to < span.to ? to : span.to };
  });
}

function joinNeighbours(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && last.to + 1n === span.from)
      joined[joined.length - 1] = { from: last.from, to: span.to };
    else joined.push(span);
  }
  return joined;
}

const widthOf = (spans: readonly Span[]): bigint =>
  spans.reduce((sum, { from, to }) => sum + (to - from) + 1n, 0n);

/**
 * Looks for what differs in ever smaller ranges of keys: 64 parts of each range, then 64 of each part that
 * differs. Hands every result to `found`, since time may run out before the next.
 */
export async function narrowDown(
  sides: Sides,
  suspect: Suspect,
  found: (spans: readonly Span[]) => void,
): Promise<void> {
  const whole = await wholeRange(sides, suspect);
  let spans = whole === null ? [] : [whole];
  while (spans.length > 0 && spans.length <= SPANS_FOLLOWED) {
    const parts: Span[] = [];
    for (const span of spans) parts.push(...(await splitSpan(sides, suspect, span)));
    found(joinNeighbours(parts));
    if (parts.every(({ from, to }) => from === to)) return;
    const next = parts.length <= SPANS_FOLLOWED ? parts : joinNeighbours(parts);
    // Where most of a range differs, smaller ranges would say no more.
    if (widthOf(next) * 2n > widthOf(spans)) return;
    spans = next;
  }
}
