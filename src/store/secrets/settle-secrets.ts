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

/** Notes the key that encrypts, and refuses a key that has the ID of another. */
async function compareKeys(pool: Pool, keyring: Keyring): Promise<void> {
  const [current] = keyring.ids;
  const known = new Secret("godwit");
  await pool.query(
    "INSERT INTO godwit.secret_keys (id, check_value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [current, keyring.seal(placeOfCheck(current), known)],
  );
  const { rows } = await pool.query<{ id: string; sealed: string }>(
    "SELECT id, check_value AS sealed FROM godwit.secret_keys WHERE id = ANY ($1)",
    [keyring.ids],
  );
  const wrong = rows.find(({ id, sealed }) => !opens(keyring, placeOfCheck(id), sealed));
  if (wrong) throw keyIsAnother(wrong.id);
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
