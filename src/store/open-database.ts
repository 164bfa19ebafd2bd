import { Pool } from "pg";
import { GodwitError } from "../core/failure.ts";
import type { Log } from "../core/ports/log.ts";
import { Secret } from "../core/secret.ts";
import type { SecretKey } from "../core/secret-key.ts";
import { applySchema } from "./apply-schema.ts";
import { embeddedKeys } from "./embedded/embedded-key.ts";
import { type EmbeddedStore, startEmbeddedStore } from "./embedded/start-embedded-store.ts";
import { createKeyring, type Keyring } from "./secrets/keyring.ts";
import { keyNotSet } from "./secrets/problems.ts";
import { settleSecrets } from "./secrets/settle-secrets.ts";

/** Connections that one process of Godwit opens to its own database. */
const POOL_SIZE = 12;
const CONNECT_TIMEOUT_MS = 10_000;

/** Godwit's own database, with its schema up to date. */
export interface OpenDatabase {
  readonly url: Secret;
  readonly pool: Pool;
  /** What the credentials in it are encrypted with. */
  readonly keyring: Keyring;
  /** Names this Godwit among others that share its queue's backend. */
  readonly installation: string;
  /** Stops the embedded server, where there is one; the pool has been ended by then. */
  close(): Promise<void>;
}

interface DatabaseSettings {
  /** Null: an embedded server that keeps its data in `embeddedFolder`. */
  readonly url: Secret | null;
  readonly embeddedFolder: string;
  /** The first encrypts, all decrypt. Needed with a `url`; an embedded server makes its own where there is none. */
  readonly secretKeys: readonly SecretKey[];
  readonly log: Log;
}

/**
 * Opens Godwit's own database, applies schema changes and encrypts what an older version left in clear. Throws a
 * `GodwitError` (`database-unreachable`, `secret-key-…`).
 */
export async function openDatabase(settings: DatabaseSettings): Promise<OpenDatabase> {
  const { url, embeddedFolder, secretKeys } = settings;
  const server = url ? undefined : await startEmbeddedStore(embeddedFolder);
  try {
    const keyring = await openKeyring(secretKeys, server && embeddedFolder);
    return await connect(settings, { server, keyring });
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

interface Opened {
  readonly server: EmbeddedStore | undefined;
  readonly keyring: Keyring;
}

async function connect({ url, log }: DatabaseSettings, { server, keyring }: Opened): Promise<OpenDatabase> {
  const address = url ?? new Secret(server?.url ?? "");
  const pool = openPool(address, log);
  try {
    await applySchema(pool);
    await settleSecrets(pool, keyring, log);
    const { rows } = await pool.query<{ id: string }>("SELECT id FROM godwit.installation");
    return {
      url: address,
      pool,
      keyring,
      installation: rows[0]?.id ?? "",
      close: async () => server?.stop(),
    };
  } catch (error) {
    await pool.end();
    throw isConnectionTrouble(error) ? unreachable(error) : error;
  }
}

async function openKeyring(given: readonly SecretKey[], folder: string | undefined): Promise<Keyring> {
  if (folder !== undefined) return createKeyring(await embeddedKeys({ folder, given }));
  return createKeyring(requireKeys(given));
}

/** The keys for a database of one's own. Throws a `GodwitError` (`secret-key-not-set`) when there are none. */
export function requireKeys([first, ...others]: readonly SecretKey[]): readonly [SecretKey, ...SecretKey[]] {
  if (!first) throw keyNotSet();
  return [first, ...others];
}

/** Looks whether the database answers, and changes nothing. */
export async function pingDatabase(url: Secret): Promise<string> {
  const pool = new Pool({
    connectionString: url.reveal(),
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  pool.on("error", () => undefined);
  try {
    const { rows } = await pool.query<{ server_version: string }>("SHOW server_version");
    return rows[0]?.server_version ?? "";
  } catch (error) {
    throw unreachable(error);
  } finally {
    await pool.end();
  }
}

function openPool(url: Secret, log: Log): Pool {
  const pool = new Pool({
    connectionString: url.reveal(),
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "godwit",
    keepAlive: true,
  });
  pool.on("error", (error) => log.warn({ code: codeOf(error) }, "connection to godwit's database was lost"));
  return pool;
}

function isConnectionTrouble(error: unknown): boolean {
  return /^(E[A-Z]+|08...|28...|3D000|57P0.)$/.test(codeOf(error)) || /timeout/i.test(String(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function unreachable(cause: unknown): GodwitError {
  return new GodwitError({
    code: "database-unreachable",
    class: "transient",
    summary: `Godwit's own database cannot be used (${codeOf(cause) || "no answer"}).`,
    remedy: "Check that the server which DATABASE_URL names runs, and that user and password are right.",
    cause,
  });
}
