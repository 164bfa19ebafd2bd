import type pg from "pg";
import type { Sides } from "./sides.ts";

interface LargeObject {
  readonly oid: string;
  readonly hash: string;
}

const BUCKETS = 1_000;
const NAMES_SHOWN = 5;

/**
 * Digests of all large objects by the last digits of their numbers, page by page, in no order: a database
 * may hold millions.
 */
async function readDigests(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<LargeObject>(
    `SELECT (m.oid::int8 % ${BUCKETS})::text AS oid, concat_ws('/', count(DISTINCT m.oid), count(l.pageno),
       sum(hashtextextended(m.oid::text, 0)),
       coalesce(sum(hash_record_extended(ROW(l.loid, l.pageno, l.data), 0)), 0)) AS hash
     FROM pg_largeobject_metadata m LEFT JOIN pg_largeobject l ON l.loid = m.oid GROUP BY 1`,
  );
  return new Map(rows.map(({ oid, hash }) => [oid, hash]));
}

async function readSome(client: pg.Client, buckets: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<LargeObject>(
    `SELECT m.oid::text AS oid, concat_ws('/', count(l.pageno),
       coalesce(sum(hash_record_extended(ROW(l.loid, l.pageno, l.data), 0)), 0)) AS hash
     FROM pg_largeobject_metadata m LEFT JOIN pg_largeobject l ON l.loid = m.oid
     WHERE m.oid::int8 % ${BUCKETS} = ANY ($1::int8[]) GROUP BY 1`,
    [buckets],
  );
  return new Map(rows.map(({ oid, hash }) => [oid, hash]));
}

function differing(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys].filter((key) => one.get(key) !== other.get(key));
}

/** Compares all large objects; names a few of those that differ by their numbers. */
export async function compareLargeObjects({ source, target }: Sides): Promise<string[]> {
  const [ours, theirs] = await Promise.all([readDigests(source), readDigests(target)]);
  const buckets = differing(ours, theirs).slice(0, NAMES_SHOWN);
  if (buckets.length === 0) return [];
  const [some, others] = await Promise.all([readSome(source, buckets), readSome(target, buckets)]);
  const numbers = differing(some, others).sort((one, other) => Number(one) - Number(other));
  return [`large objects (such as ${numbers.slice(0, NAMES_SHOWN).join(", ")})`];
}
