import type pg from "pg";

/** Large objects, counted and hashed. */
export interface LargeObjects {
  readonly objects: string;
  readonly pages: string;
  readonly hash: string;
}

/** Reads a digest of all large objects page by page, in no order. */
export async function readLargeObjects(client: pg.Client): Promise<LargeObjects> {
  const { rows } = await client.query<LargeObjects>(
    `SELECT (SELECT count(*) FROM pg_largeobject_metadata)::text AS objects, count(*)::text AS pages,
       coalesce(sum(hashtextextended(concat_ws('/', loid, pageno, encode(data, 'hex')), 0)), 0)::text AS hash
     FROM pg_largeobject`,
  );
  return rows[0] ?? { objects: "0", pages: "0", hash: "0" };
}

export function largeObjectsDiffer(one: LargeObjects, other: LargeObjects): boolean {
  return one.objects !== other.objects || one.pages !== other.pages || one.hash !== other.hash;
}
