import type { Pool } from "pg";
import type { Keyring } from "./keyring.ts";
import { placeOfSecret } from "./place.ts";
import { tryOpen } from "./try-open.ts";

/** Rows that are encrypted anew in one statement. */
const BATCH = 200;

/** What a rotation did. */
export interface Rotation {
  /** Credentials that were encrypted anew by this run. */
  readonly rotated: number;
  /** Names of credentials that do not open, which were left as they are. */
  readonly unreadable: readonly string[];
  /** IDs of keys of the ring that encrypt nothing any more. */
  readonly unused: readonly string[];
}

interface Row {
  readonly ref: string;
  readonly ciphertext: string;
}

/**
 * Encrypts with the ring's first key what another key encrypted, in batches that each stand for themselves: a run that
 * was ended is followed by one that finds the rest. A row that a worker writes meanwhile stays as the worker wrote it,
 * and is found by the next round. `settleSecrets` has made sure that every key is there.
 */
export async function rotateSecrets(pool: Pool, keyring: Keyring): Promise<Rotation> {
  let rotated = 0;
  for (;;) {
    const round = await rotateAll(pool, keyring);
    rotated += round.rotated;
    if (round.rotated > 0) continue;
    return { rotated, unreadable: round.unreadable, unused: await unusedKeys(pool, keyring) };
  }
}

async function rotateAll(pool: Pool, keyring: Keyring): Promise<Pick<Rotation, "rotated" | "unreadable">> {
  const unreadable: string[] = [];
  let [rotated, after] = [0, ""];
  for (;;) {
    const rows = await outdated(pool, { current: keyring.ids[0], after });
    const last = rows.at(-1);
    if (!last) return { rotated, unreadable };
    const opened = rows.map((row) => ({ ...row, value: tryOpen(keyring, row) }));
    unreadable.push(...opened.filter(({ value }) => value === null).map(({ ref }) => ref));
    const sealed = opened.flatMap(({ ref, ciphertext, value }) =>
      value === null ? [] : [{ ref, ciphertext, anew: keyring.seal(placeOfSecret(ref), value) }],
    );
    rotated += await replace(pool, sealed);
    after = last.ref;
  }
}

async function outdated(
  pool: Pool,
  { current, after }: { readonly current: string; readonly after: string },
): Promise<readonly Row[]> {
  const { rows } = await pool.query<Row>(
    `SELECT ref, ciphertext FROM godwit.secrets
     WHERE NOT starts_with(ciphertext, $1) AND ref > $2 ORDER BY ref LIMIT $3`,
    [`v1:${current}:`, after, BATCH],
  );
  return rows;
}

async function replace(pool: Pool, rows: readonly (Row & { readonly anew: string })[]): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE godwit.secrets s SET ciphertext = sealed.anew
     FROM unnest($1::text[], $2::text[], $3::text[]) sealed (ref, former, anew)
     WHERE s.ref = sealed.ref AND s.ciphertext = sealed.former`,
    [rows.map(({ ref }) => ref), rows.map(({ ciphertext }) => ciphertext), rows.map(({ anew }) => anew)],
  );
  return rowCount ?? 0;
}

async function unusedKeys(pool: Pool, { ids: [, ...others] }: Keyring): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    "SELECT DISTINCT split_part(ciphertext, ':', 2) AS id FROM godwit.secrets",
  );
  const used = new Set(rows.map(({ id }) => id));
  return others.filter((id) => !used.has(id));
}
