import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import pg from "pg";
import type { DatabaseAccess, ServerAccess } from "../../core/ports/engine.ts";
import type { Secret } from "../../core/secret.ts";

/** Where a session goes and as whom. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Whether this is the server's administrator, who must not run what others wrote. */
  readonly isAdmin: boolean;
  readonly sslmode: string | null;
  readonly sslrootcert: string | null;
}

/** How a session behaves. `name` is shown in pg_stat_activity and always begins with `godwit`. */
export interface SessionOptions {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly settings?: Readonly<Record<string, string>>;
  /** Command-line options for the server, as in `PGOPTIONS`. */
  readonly options?: string;
  /** Speaks the replication protocol, in which statements have no parameters. */
  readonly replicates?: boolean;
}

/** The settings under which both sides print values the same way and nothing of theirs times us out. */
const SETTINGS: Readonly<Record<string, string>> = {
  statement_timeout: "0",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  idle_session_timeout: "0",
  transaction_timeout: "0",
  client_connection_check_interval: "1s",
  default_transaction_read_only: "off",
  default_transaction_isolation: "read committed",
  search_path: "",
  client_min_messages: "error",
  standard_conforming_strings: "on",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  extra_float_digits: "3",
  bytea_output: "hex",
  lc_monetary: "C",
  xmloption: "content",
  jit: "off",
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "10",
  tcp_keepalives_count: "6",
};

/** The administrator reads tables and catalogs only: somebody's view could run somebody's function. */
const ADMIN_SETTINGS: Readonly<Record<string, string>> = {
  restrict_nonsystem_relation_kind: "view, foreign-table",
};

/** Sessions of one call that may listen to its signal before Node warns of a leak, which its ten would do too early. */
const MOST_LISTENERS = 200;

function parse(url: Secret): Login {
  const parsed = new URL(url.reveal());
  return {
    host: decodeURIComponent(parsed.hostname).replace(/^\[|\]$/g, ""),
    port: parsed.port === "" ? 5432 : Number(parsed.port),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)) || "postgres",
    isAdmin: true,
    sslmode: parsed.searchParams.get("sslmode"),
    sslrootcert: parsed.searchParams.get("sslrootcert"),
  };
}

/** Login as the server's administrator, to its own database or to another one. */
export function asAdmin(server: ServerAccess, database?: string): Login {
  const login = parse(server.adminUrl);
  return database === undefined ? login : { ...login, database };
}

/** Login as the application does. */
export function asOwner(access: DatabaseAccess): Login {
  const { server, database, username, password } = access;
  return { ...parse(server.adminUrl), database, user: username, password: password.reveal(), isAdmin: false };
}

/** libpq's meaning of sslmode: `require` encrypts without looking at the certificate. */
function tls(login: Login): pg.ClientConfig["ssl"] {
  const mode = login.sslmode ?? "disable";
  if (mode === "disable" || mode === "allow" || mode === "prefer") return false;
  if (mode === "require" || mode === "no-verify") return { rejectUnauthorized: false };
  const ca = login.sslrootcert === null ? {} : { ca: readFileSync(login.sslrootcert, "utf8") };
  return mode === "verify-ca"
    ? { ...ca, checkServerIdentity: () => undefined, rejectUnauthorized: true }
    : { ...ca, rejectUnauthorized: true };
}

async function applySettings(client: pg.Client, settings: Readonly<Record<string, string>>): Promise<void> {
  // Settings that this server's version does not know are left out. Asking for each by its name is cheaper than
  // pg_settings, which makes a row of every setting there is.
  await client.query(
    `SELECT pg_catalog.set_config(s.name, s.value, false)
     FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS s(name, value)
     WHERE pg_catalog.current_setting(s.name, true) IS NOT NULL`,
    [Object.keys(settings), Object.values(settings)],
  );
}

/** A session's client; an abort destroys its socket at once. */
function makeClient(login: Login, options: SessionOptions): pg.Client {
  options.signal.throwIfAborted();
  const { host, port, user, password, database } = login;
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database,
    ssl: tls(login),
    ...(options.options === undefined ? {} : { options: options.options }),
    ...(options.replicates === true ? { replication: "database" } : {}),
    application_name: options.name,
    keepAlive: true,
    connectionTimeoutMillis: 20_000,
  });
  client.on("error", () => undefined); // Whoever uses the session learns of it by its query.
  setMaxListeners(MOST_LISTENERS, options.signal);
  const abort = (): void => void client.connection.stream.destroy();
  options.signal.addEventListener("abort", abort, { once: true });
  client.once("end", () => options.signal.removeEventListener("abort", abort));
  return client;
}

/** Opens a session. An abort destroys its socket at once. The caller ends it. */
export async function openSession(login: Login, options: SessionOptions): Promise<pg.Client> {
  const client = makeClient(login, options);
  try {
    await client.connect();
    const forAdmin = login.isAdmin ? ADMIN_SETTINGS : {};
    await applySettings(client, { ...SETTINGS, ...forAdmin, ...options.settings });
    return client;
  } catch (error) {
    await closeSession(client);
    throw error;
  }
}

/** Ends a session; never throws and never waits long. */
export async function closeSession(client: pg.Client): Promise<void> {
  const stream = client.connection.stream;
  const giveUp = setTimeout(() => stream.destroy(), 2_000);
  await client.end().catch(() => undefined);
  clearTimeout(giveUp);
}

/** Runs `work` with a session of its own. */
export async function withSession<T>(
  login: Login,
  options: SessionOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openSession(login, options);
  try {
    return await work(client);
  } finally {
    await closeSession(client);
  }
}

/** Opens a session that has only the settings the server gives it, as an application's has. The caller ends it. */
export async function openPlainSession(login: Login, options: SessionOptions): Promise<pg.Client> {
  const client = makeClient(login, options);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await closeSession(client);
    throw error;
  }
}

/** Runs `work` with a session that has only the settings the server gives it. */
export async function withPlainSession<T>(
  login: Login,
  options: SessionOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openPlainSession(login, options);
  try {
    return await work(client);
  } finally {
    await closeSession(client);
  }
}
