import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { startEmbeddedPostgres } from "./start-embedded-postgres.ts";

/** Godwit's own database on the embedded server. */
export interface EmbeddedStore {
  /** Connection URL of the database `godwit`; it holds the password. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts Godwit's own database for when DATABASE_URL is unset. `folder` (`.godwit`) keeps the data in
 * `postgres` (see `findDataSite` for root in a private clone) and the server's password in `password`.
 */
export async function startEmbeddedStore(folder: string): Promise<EmbeddedStore> {
  await mkdir(folder, { recursive: true });
  const superuserPassword = await ensurePassword(join(folder, "password"));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, "postgres"), superuserPassword });
  try {
    await ensureDatabase(server.url);
    return { url: server.url.replace(/postgres$/, "godwit"), stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function ensurePassword(file: string): Promise<string> {
  const draft = randomBytes(24).toString("hex");
  await writeFile(file, `${draft}\n`, { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return (await readFile(file, "utf8")).trim();
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl, application_name: "godwit" });
  await client.connect();
  try {
    const found = await client.query("SELECT FROM pg_database WHERE datname = 'godwit'");
    if (found.rowCount === 0) await client.query("CREATE DATABASE godwit");
  } finally {
    await client.end();
  }
}
