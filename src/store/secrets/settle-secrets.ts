import { DatabaseError, type Pool, type PoolClient } from "pg";
import type { Log } from "../../core/ports/log.ts";
import { Secret } from "../../core/secret.ts";
import type { Keyring, Place } from "./keyring.ts";
import { placeOfSecret } from "./place.ts";
import { keyIsAnother, keyMissing, secretsInUse } from "./problems.ts";

/** How long the rewrite of the table may wait for others, such as a backup, and they for it. */
const LONGEST_WAIT = "20s";
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Makes sure at start that every stored credential can be decrypted by these keys and that none is in clear: those of
 * an older version are encrypted here. Several processes may do it at once. Throws a permanent `GodwitError`
 * (`secret-key-missing`, `secret-key-wrong`) before anything is changed, or a transient one (`secrets-in-use`).
 */
export async function settleSecrets(pool: Pool, keyring: Keyring, log: Log): Promise<void> {
  const missing = await missingKeys(pool, keyring);
  if (missing.length > 0) throw keyMissing(missing);
  await compareKeys(pool, keyring);
  if (await mayHoldClearRows(pool)) await encryptClearRows(pool, keyring, log);
}

/** IDs of keys that something is encrypted with and that the ring does not hold. */
async function missingKeys(pool: Pool, keyring: Keyring): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT DISTINCT split_part(ciphertext, ':', 2) AS id FROM godwit.secrets
     WHERE ciphertext LIKE 'v1:%' AND split_part(ciphertext, ':', 2) <> ALL ($1) ORDER BY id`,
    [keyring.ids],
  );
  return rows.map(({ id }) => id);
}

/** Refuses a key that has the ID of another, then notes every key of the ring: all or none. */
async function compareKeys(pool: Pool, keyring: Keyring): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    // One process after the other: of two with different keys by one ID the second has to see what the first noted.
    await client.query("LOCK TABLE godwit.secret_keys IN SHARE ROW EXCLUSIVE MODE");
    const strangers = await notOpened(client, keyring);
    const wrong = strangers.find(({ id, is_used }) => is_used || id === keyring.ids[0]);
    if (wrong) throw keyIsAnother(wrong.id);
    await noteKeys(client, keyring, { anew: strangers.map(({ id }) => id) });
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

interface NotedKey {
  readonly id: string;
  readonly sealed: string;
  /** Whether something is encrypted under this ID. */
  readonly is_used: boolean;
}

/** Noted keys that the ring has another key for. */
async function notOpened(client: PoolClient, keyring: Keyring): Promise<NotedKey[]> {
  const { rows } = await client.query<NotedKey>(
    `SELECT k.id, k.check_value AS sealed, EXISTS (
       SELECT FROM godwit.secrets s WHERE starts_with(s.ciphertext, 'v1:' || k.id || ':')
     ) AS is_used FROM godwit.secret_keys k WHERE k.id = ANY ($1)`,
    [keyring.ids],
  );
  return rows.filter(({ id, sealed }) => !opens(keyring, placeOfCheck(id), sealed));
}

/** A key that was mistyped behind the one that encrypts, and that nothing uses, may be corrected: it is noted `anew`. */
async function noteKeys(
  client: PoolClient,
  keyring: Keyring,
  { anew }: { readonly anew: readonly string[] },
): Promise<void> {
  const known = new Secret("godwit");
  const sealed = keyring.ids.map((id) => keyring.sealWith(id, { place: placeOfCheck(id), value: known }));
  await client.query(
    `INSERT INTO godwit.secret_keys AS k (id, check_value) SELECT * FROM unnest($1::text[], $2::text[])
     ON CONFLICT (id) DO UPDATE SET check_value = excluded.check_value WHERE k.id = ANY ($3)`,
    [keyring.ids, sealed, anew],
  );
}

function placeOfCheck(id: string): Place {
  return { column: "secret_keys.check_value", row: id };
}

function opens(keyring: Keyring, place: Place, sealed: string): boolean {
  try {
    keyring.open(place, sealed);
    return true;
  } catch {
    return false;
  }
}

/** Until the constraint was validated once. */
async function mayHoldClearRows(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_constraint WHERE conrelid = 'godwit.secrets'::regclass
     AND conname = 'nothing_in_clear' AND NOT convalidated`,
  );
  return rowCount !== 0;
}

/**
 * The table gets a new file: an UPDATE would leave what the rows were before on the disk, and so would VACUUM FULL
 * while any other transaction could still see it.
 */
async function encryptClearRows(pool: Pool, keyring: Keyring, log: Log): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query(`SET LOCAL lock_timeout = '${LONGEST_WAIT}'`);
    await client.query("LOCK TABLE godwit.secrets IN ACCESS EXCLUSIVE MODE");
    const encrypted = await rewriteTable(client, keyring);
    await client.query("ALTER TABLE godwit.secrets VALIDATE CONSTRAINT nothing_in_clear");
    await client.query("COMMIT");
    if (encrypted > 0)
      log.info({ secrets: encrypted }, "stored passwords of an older version are encrypted now");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    const isBusy = error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;
    throw isBusy ? secretsInUse(error) : error;
  } finally {
    client.release();
  }
}

interface Row {
  readonly ref: string;
  readonly value: string | null;
  readonly ciphertext: string | null;
  readonly stored_at: Date;
}

async function rewriteTable(client: PoolClient, keyring: Keyring): Promise<number> {
  const { rows } = await client.query<Row>("SELECT ref, value, ciphertext, stored_at FROM godwit.secrets");
  const clear = rows.filter(({ value }) => value !== null);
  if (clear.length === 0) return 0;
  const sealed = rows.map(({ ref, value, ciphertext }) =>
    value === null ? ciphertext : keyring.seal(placeOfSecret(ref), new Secret(value)),
  );
  await client.query("TRUNCATE godwit.secrets");
  await client.query(
    `INSERT INTO godwit.secrets (ref, ciphertext, stored_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])`,
    [rows.map(({ ref }) => ref), sealed, rows.map(({ stored_at }) => stored_at)],
  );
  return clear.length;
}
