import type pg from "pg";
import { inChunks } from "../sql.ts";

const PAGES_PER_CHUNK = 512;
const OBJECTS_PER_ROUND = 500;

/** How many large objects and bytes went over. */
export interface LargeObjectsMoved {
  readonly objects: number;
  readonly bytes: number;
}

interface Page {
  readonly oid: string;
  readonly page: number;
  readonly data: Buffer;
}

/**
 * The next pages in order. Read from the catalog, since even `lo_get` takes a lock for writing, which a
 * fence refuses (measured, PostgreSQL 15 and 18).
 */
async function readPages(source: pg.Client, after: { oid: string; page: number }): Promise<Page[]> {
  const { rows } = await source.query<Page>(
    `SELECT loid::text AS oid, pageno AS page, data FROM pg_largeobject
     WHERE (loid, pageno) > ($1::oid, $2) ORDER BY loid, pageno LIMIT $3`,
    [after.oid, after.page, PAGES_PER_CHUNK],
  );
  return rows;
}

/** Joins neighbouring pages of one object: a write each would be slow. Holes stay holes. */
function joinPages(pages: readonly Page[], pageBytes: number): Page[] {
  const joined: { oid: string; page: number; next: number; parts: Buffer[] }[] = [];
  for (const { oid, page, data } of pages) {
    const last = joined.at(-1);
    const isFull = last?.parts.at(-1)?.length === pageBytes;
    if (last?.oid === oid && last.next === page && isFull) {
      last.parts.push(data);
      last.next += 1;
    } else {
      joined.push({ oid, page, next: page + 1, parts: [data] });
    }
  }
  return joined.map(({ oid, page, parts }) => ({ oid, page, data: Buffer.concat(parts) }));
}

async function createObjects(source: pg.Client, target: pg.Client): Promise<number> {
  const { rows } = await source.query<{ oid: string }>(
    "SELECT oid::text AS oid FROM pg_largeobject_metadata ORDER BY oid",
  );
  for (const chunk of inChunks(rows, OBJECTS_PER_ROUND)) {
    const oids = chunk.map(({ oid }) => oid);
    await target.query("SELECT pg_catalog.lo_create(oid) FROM unnest($1::oid[]) AS oid", [oids]);
  }
  return rows.length;
}

/** Copies all large objects under their own numbers; the target's owner becomes theirs. */
export async function copyLargeObjects(source: pg.Client, target: pg.Client): Promise<LargeObjectsMoved> {
  const objects = await createObjects(source, target);
  const { rows } = await source.query<{ size: number }>(
    "SELECT current_setting('block_size')::int / 4 AS size",
  );
  const pageBytes = rows[0]?.size ?? 2048;
  let after = { oid: "0", page: -1 };
  let bytes = 0;
  for (;;) {
    const pages = await readPages(source, after);
    const last = pages.at(-1);
    if (last === undefined) return { objects, bytes };
    const pieces = joinPages(pages, pageBytes);
    await target.query(
      "SELECT pg_catalog.lo_put(oid, start, data) FROM unnest($1::oid[], $2::int8[], $3::bytea[]) AS t (oid, start, data)",
      [
        pieces.map(({ oid }) => oid),
        pieces.map(({ page }) => page * pageBytes),
        pieces.map(({ data }) => data),
      ],
    );
    bytes += pieces.reduce((sum, { data }) => sum + data.length, 0);
    after = last;
  }
}

/** Drops all large objects of the target, before they are copied again. */
export async function dropLargeObjects(target: pg.Client): Promise<void> {
  await target.query("SELECT pg_catalog.lo_unlink(oid) FROM pg_largeobject_metadata");
}
