import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import type { DatabaseAccess, ServerAccess } from "../../core/ports/engine.ts";

/** Where a session goes and as whom. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly isTls: boolean;
  /** File of a certificate authority of one's own. */
  readonly ca: string | null;
}

/** How a session behaves. `name` is shown in CLIENT LIST and begins with `godwit`. */
export interface SessionOptions {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly database?: number;
}

const CONNECT_TIMEOUT_MS = 20_000;

/** Login as the server's administrator. A URL without a user means the user `default`. */
export function asAdmin({ adminUrl }: ServerAccess): Login {
  const { protocol, hostname, port, username, password, searchParams } = new URL(adminUrl.reveal());
  return {
    host: decodeURIComponent(hostname).replace(/^\[|\]$/g, ""),
    port: port === "" ? 6379 : Number(port),
    username: decodeURIComponent(username) || "default",
    password: decodeURIComponent(password),
    isTls: protocol === "rediss:" || protocol === "valkeys:",
    ca: searchParams.get("ca"),
  };
}

/** Login as the application does. */
export function asApplication({ server, username, password }: Omit<DatabaseAccess, "database">): Login {
  return { ...asAdmin(server), username, password: password.reveal() };
}

/** Whether the application connects as the server's administrator does. */
export function isAdministrator({ server, username }: Pick<DatabaseAccess, "server" | "username">): boolean {
  return asAdmin(server).username === username;
}

function optionsOf(login: Login, { name, database = 0 }: SessionOptions) {
  const { host, port, username, password, isTls, ca } = login;
  return {
    host,
    port,
    db: database,
    ...(password === "" ? {} : { username, password }),
    ...(isTls ? { tls: ca === null ? { host } : { host, ca: readFileSync(ca, "utf8") } } : {}),
    connectionName: spoken(name),
    protocol: 2 as const,
    lazyConnect: true,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    disableClientInfo: true,
  };
}

/** A session's name as CLIENT SETNAME takes it: printable, without blanks. */
export function spoken(name: string): string {
  return name.replaceAll(/[^!-~]/g, "_");
}

/** Opens a session; an abort ends it at once. */
export async function openSession(login: Login, options: SessionOptions): Promise<Redis> {
  options.signal.throwIfAborted();
  const client = new Redis(optionsOf(login, options));
  let failure: Error | undefined;
  client.on("error", (error) => (failure = error));
  const abort = (): void => client.disconnect();
  options.signal.addEventListener("abort", abort, { once: true });
  client.once("end", () => options.signal.removeEventListener("abort", abort));
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.disconnect();
    throw failure ?? error;
  }
}

/** Runs work in a session of its own. */
export async function withSession<T>(
  login: Login,
  options: SessionOptions,
  work: (client: Redis) => Promise<T>,
): Promise<T> {
  const client = await openSession(login, options);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
