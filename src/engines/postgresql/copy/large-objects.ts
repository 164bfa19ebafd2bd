import type pg from "pg";

const CHUNK_BYTES = 1024 * 1024;
const OBJECTS_PER_ROUND = 200;

/** How many large objects and bytes went over. */
export interface LargeObjectsMoved {
  readonly objects: number;
  readonly bytes: number;
}

interface Piece {
  readonly oid: string;
  readonly size: string;
  readonly data: Buffer;
}

/** The next objects by OID with their first mebibyte. */
async function readRound(source: pg.Client, after: string): Promise<Piece[]> {
  const { rows } = await source.query<Piece>(
    `SELECT m.oid::text AS oid, pg_catalog.lo_get(m.oid, 0, $2) AS data,
       coalesce((SELECT max(l.pageno::int8 * current_setting('block_size')::int8 / 4 + length(l.data))
         FROM pg_largeobject l WHERE l.loid = m.oid), 0)::text AS size
     FROM pg_largeobject_metadata m WHERE m.oid > $1::oid ORDER BY m.oid LIMIT $3`,
    [after, CHUNK_BYTES, OBJECTS_PER_ROUND],
  );
  return rows;
}

async function copyRest(source: pg.Client, target: pg.Client, piece: Piece): Promise<void> {
  for (let at = CHUNK_BYTES; at < Number(piece.size); at += CHUNK_BYTES) {
    const { rows } = await source.query<{ data: Buffer }>(
      "SELECT pg_catalog.lo_get($1::oid, $2, $3) AS data",
      [piece.oid, at, CHUNK_BYTES],
    );
    await target.query("SELECT pg_catalog.lo_put($1::oid, $2, $3)", [piece.oid, at, rows[0]?.data]);
  }
}

/** Copies all large objects under their own numbers; the target's owner becomes theirs. */
export async function copyLargeObjects(source: pg.Client, target: pg.Client): Promise<LargeObjectsMoved> {
  let after = "0";
  let objects = 0;
  let bytes = 0;
  for (;;) {
    const round = await readRound(source, after);
    if (round.length === 0) return { objects, bytes };
    await target.query("BEGIN");
    for (const piece of round) {
      await target.query("SELECT pg_catalog.lo_from_bytea($1::oid, $2)", [piece.oid, piece.data]);
      await copyRest(source, target, piece);
      bytes += Number(piece.size);
    }
    await target.query("COMMIT");
    objects += round.length;
    after = round.at(-1)?.oid ?? after;
  }
}

/** Drops all large objects of the target, before they are copied again. */
export async function dropLargeObjects(target: pg.Client): Promise<void> {
  await target.query("SELECT pg_catalog.lo_unlink(oid) FROM pg_largeobject_metadata");
}
