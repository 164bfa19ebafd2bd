import { Pool } from "pg";
import { GodwitError } from "../core/failure.ts";
import type { Log } from "../core/ports/log.ts";
import { Secret } from "../core/secret.ts";
import { applySchema } from "./apply-schema.ts";
import { startEmbeddedStore } from "./embedded/start-embedded-store.ts";

/** Connections that one process of Godwit opens to its own database. */
const POOL_SIZE = 12;
const CONNECT_TIMEOUT_MS = 10_000;

/** Godwit's own database, with its schema up to date. */
export interface OpenDatabase {
  readonly url: Secret;
  readonly pool: Pool;
  /** Names this Godwit among others that share its queue's backend. */
  readonly installation: string;
  /** Stops the embedded server, where there is one; the pool has been ended by then. */
  close(): Promise<void>;
}

interface DatabaseSettings {
  /** Null: an embedded server that keeps its data in `embeddedFolder`. */
  readonly url: Secret | null;
  readonly embeddedFolder: string;
  readonly log: Log;
}

/** Opens Godwit's own database and applies schema changes. Throws `GodwitError` (`database-unreachable`). */
export async function openDatabase({ url, embeddedFolder, log }: DatabaseSettings): Promise<OpenDatabase> {
  const server = url ? undefined : await startEmbeddedStore(embeddedFolder);
  const address = url ?? new Secret(server?.url ?? "");
  const pool = openPool(address, log);
  try {
    await applySchema(pool);
    const { rows } = await pool.query<{ id: string }>("SELECT id FROM godwit.installation");
    return { url: address, pool, installation: rows[0]?.id ?? "", close: async () => server?.stop() };
  } catch (error) {
    await pool.end();
    await server?.stop();
    throw isConnectionTrouble(error) ? unreachable(error) : error;
  }
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
