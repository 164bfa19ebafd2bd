import type { Pool } from "pg";
import type { Secret } from "../../core/secret.ts";
import type { Keyring } from "./keyring.ts";
import { tryOpen } from "./try-open.ts";

/** How the stored credentials are encrypted. */
export interface SecretsReport {
  readonly total: number;
  /** Those that another key than the first encrypted. */
  readonly outdated: number;
  /** Names of credentials that do not open. */
  readonly unreadable: readonly string[];
}

/** Opens every stored credential, and keeps none. */
export async function inspectSecrets(pool: Pool, keyring: Keyring): Promise<SecretsReport> {
  const rows = await sealedRows(pool);
  const current = `v1:${keyring.ids[0]}:`;
  return {
    total: rows.length,
    outdated: rows.filter(({ ciphertext }) => !ciphertext.startsWith(current)).length,
    unreadable: rows.filter((row) => tryOpen(keyring, row) === null).map(({ ref }) => ref),
  };
}

/** Every stored credential that opens, for an audit that looks for them where they may not stand. */
export async function storedSecrets(pool: Pool, keyring: Keyring): Promise<Secret[]> {
  const rows = await sealedRows(pool);
  return rows.flatMap((row) => tryOpen(keyring, row) ?? []);
}

async function sealedRows(pool: Pool): Promise<{ ref: string; ciphertext: string }[]> {
  const { rows } = await pool.query<{ ref: string; ciphertext: string }>(
    "SELECT ref, coalesce(ciphertext, '') AS ciphertext FROM godwit.secrets ORDER BY ref",
  );
  return rows;
}
