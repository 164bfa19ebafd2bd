import { MongoClient } from "mongodb";
import type { DatabaseAccess, DatabasePair, ServerAccess } from "../../core/ports/engine.ts";

/** How a session behaves. `name` is shown as its application and begins with `godwit`. */
export interface SessionOptions {
  readonly name: string;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 20_000;

/** URL of the server's administrator; TLS is `tls=true` in it, with `tlsCAFile` for an authority of one's own. */
export function asAdmin({ adminUrl }: ServerAccess): URL {
  return new URL(adminUrl.reveal());
}

/** URL as which the application connects; its user lives in its database, as at Clever Cloud. */
export function asApplication({ server, database, username, password }: DatabaseAccess): URL {
  const url = asAdmin(server);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password.reveal());
  url.pathname = `/${encodeURIComponent(database)}`;
  url.searchParams.set("authSource", database);
  return url;
}

/** Name of the server's administrator, and the database that it lives in. */
export function administrator(server: ServerAccess): { readonly user: string; readonly db: string } {
  const url = asAdmin(server);
  const path = decodeURIComponent(url.pathname.slice(1));
  const db = url.searchParams.get("authSource") ?? (path || "admin");
  return { user: decodeURIComponent(url.username), db };
}

function makeClient(url: URL, name: string): MongoClient {
  return new MongoClient(url.href, {
    appName: name,
    serverSelectionTimeoutMS: TIMEOUT_MS,
    connectTimeoutMS: TIMEOUT_MS,
    readPreference: "primary",
  });
}

/** Opens a client that stays open beyond the call that made it. */
export async function openSession(url: URL, name: string): Promise<MongoClient> {
  const client = makeClient(url, name);
  try {
    return await client.connect();
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Runs work with a client of its own; an abort ends it at once. */
export async function withSession<T>(
  url: URL,
  { name, signal }: SessionOptions,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = makeClient(url, name);
  const abort = (): void => void client.close().catch(() => undefined);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await work(await client.connect());
  } finally {
    signal.removeEventListener("abort", abort);
    await client.close();
  }
}

/** Clients on both sides. */
export interface Sides {
  readonly source: MongoClient;
  readonly target: MongoClient;
}

/** Opens a client on each side; both end when the work does. */
export function withSides<T>(
  { source, target }: DatabasePair,
  options: SessionOptions,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  return withSession(asAdmin(source.server), options, (from) =>
    withSession(asAdmin(target.server), options, (to) => work({ source: from, target: to })),
  );
}
