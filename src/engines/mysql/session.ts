import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import mysql from "mysql2";
import type { DatabaseAccess, ServerAccess } from "../../core/ports/engine.ts";
import type { Secret } from "../../core/secret.ts";
import { type Flavour, flavourOf } from "./flavour.ts";

/** Where a session goes and as whom. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly tls: string | null;
  readonly caFile: string | null;
}

/** How a session behaves. */
export interface SessionOptions {
  readonly signal: AbortSignal;
  /** Database that names without one belong to; left out: none, so that ending a database's sessions spares it. */
  readonly database?: string;
  /** Leaves the session's settings as the server gives them, as an application's are. */
  readonly isPlain?: boolean;
}

/** The settings under which both sides print values the same way, and nothing of theirs times us out. */
const SETTINGS: Readonly<Record<string, string>> = {
  sql_mode: "'NO_AUTO_VALUE_ON_ZERO'",
  time_zone: "'+00:00'",
  wait_timeout: "604800",
  net_read_timeout: "3600",
  net_write_timeout: "3600",
  max_statement_time: "0",
  max_execution_time: "0",
  idle_transaction_timeout: "0",
  idle_readonly_transaction_timeout: "0",
  idle_write_transaction_timeout: "0",
  foreign_key_checks: "0",
  check_constraint_checks: "0",
  sql_quote_show_create: "1",
  sql_require_primary_key: "0",
  sql_generate_invisible_primary_key: "0",
  information_schema_stats_expiry: "0",
  group_concat_max_len: "1048576",
  default_storage_engine: "InnoDB",
  // Without these a definition that names a character set alone means another collation on the newer server.
  character_set_collations: "''",
  explicit_defaults_for_timestamp: "1",
};

function parse(url: Secret): Login {
  const parsed = new URL(url.reveal());
  const mode = parsed.searchParams.get("ssl-mode") ?? parsed.searchParams.get("sslmode");
  return {
    host: decodeURIComponent(parsed.hostname).replace(/^\[|\]$/g, ""),
    port: parsed.port === "" ? 3306 : Number(parsed.port),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    tls: mode?.toLowerCase().replaceAll("_", "-") ?? null,
    caFile: parsed.searchParams.get("ssl-ca"),
  };
}

/** Login as the server's administrator. */
export function asAdmin(server: ServerAccess): Login {
  return parse(server.adminUrl);
}

/** Login as the application does. */
export function asApplication({ server, username, password }: DatabaseAccess): Login {
  return { ...parse(server.adminUrl), user: username, password: password.reveal() };
}

/** The meaning of `ssl-mode` is that of MySQL's clients: `required` encrypts without looking at the certificate. */
function tls({ tls: mode, caFile }: Login): mysql.SslOptions | undefined {
  if (mode === null || mode === "disabled" || mode === "disable" || mode === "preferred") return undefined;
  if (mode === "required" || mode === "require") return { rejectUnauthorized: false };
  const ca = caFile === null ? {} : { ca: readFileSync(caFile, "utf8") };
  return { ...ca, rejectUnauthorized: true, verifyIdentity: mode.startsWith("verify-identity") };
}

/** Result of a statement that returns no rows. */
export interface Outcome {
  readonly affectedRows: number;
}

/** One session with a server. Its methods reject when its signal is aborted, since the socket is destroyed. */
export class Session {
  readonly flavour: Flavour;
  readonly versionText: string;
  readonly connection: mysql.Connection;

  constructor(connection: mysql.Connection, versionText: string) {
    this.connection = connection;
    this.versionText = versionText;
    this.flavour = flavourOf(versionText);
  }

  /** The server's number of this session. */
  get id(): number {
    return this.connection.threadId;
  }

  /** The socket, for the raw protocol and for ending it. */
  get socket(): Socket {
    return socketOf(this.connection);
  }

  /** Runs a statement; values are quoted in place of `?`. */
  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#query(sql, values)) as Row[];
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<Outcome> {
    return (await this.#query(sql, values)) as Outcome;
  }

  /** Ends the session; never throws and never waits long. */
  close(): Promise<void> {
    return new Promise((done) => {
      const finish = (): void => {
        clearTimeout(giveUp);
        this.connection.destroy();
        done();
      };
      const giveUp = setTimeout(finish, 2_000);
      this.connection.end(finish);
    });
  }

  #query(sql: string, values: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.connection.query(sql, [...values], (error, result) => (error ? reject(error) : resolve(result)));
    });
  }
}

function socketOf(connection: mysql.Connection): Socket {
  return (connection as unknown as { readonly stream: Socket }).stream;
}

/** Rows changed are counted, not found; and nothing that would change what `Wire` sends and reads. */
const FLAGS = ["-FOUND_ROWS", "-CLIENT_QUERY_ATTRIBUTES", "-SESSION_TRACK"];

function connectTo(login: Login, database: string | undefined): Promise<mysql.Connection> {
  const ssl = tls(login);
  const { host, port, user, password } = login;
  return new Promise((resolve, reject) => {
    const connection = mysql.createConnection({
      host,
      port,
      user,
      password,
      charset: "utf8mb4_bin",
      connectTimeout: 2e4,
      enableKeepAlive: true,
      ...(database === undefined ? {} : { database }),
      ...(ssl === undefined ? {} : { ssl }),
      supportBigNumbers: true,
      dateStrings: true,
      flags: FLAGS,
    });
    connection.on("error", () => undefined); // Whoever uses the session learns of it by its statement.
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

/** A destroyed socket does not stop what the server does for it. */
async function killElsewhere(login: Login, id: number): Promise<void> {
  const connection = await connectTo(login, undefined);
  await new Promise<void>((done) => {
    connection.query(`KILL ${id}`, () => {
      connection.destroy();
      done();
    });
  });
}

async function applySettings(session: Session): Promise<void> {
  const names = Object.keys(SETTINGS).map((name) => `'${name}'`);
  const known = await session.rows<{ Variable_name: string }>(
    `SHOW SESSION VARIABLES WHERE Variable_name IN (${names.join(", ")})`,
  );
  // Settings that this server's version does not know are left out.
  const clauses = known.map(({ Variable_name: name }) => `SESSION ${name} = ${SETTINGS[name] ?? "DEFAULT"}`);
  await session.run(`SET ${clauses.join(", ")}`);
}

/** Opens a session. An abort destroys its socket at once, and ends on the server what it was doing. The caller closes it. */
export async function openSession(login: Login, options: SessionOptions): Promise<Session> {
  const { signal } = options;
  signal.throwIfAborted();
  const connection = await connectTo(login, options.database);
  const abort = (): void => {
    socketOf(connection).destroy();
    killElsewhere(login, connection.threadId).catch(() => undefined);
  };
  signal.addEventListener("abort", abort, { once: true });
  socketOf(connection).once("close", () => signal.removeEventListener("abort", abort));
  if (signal.aborted) abort();
  const session = new Session(connection, await readVersionText(connection));
  try {
    signal.throwIfAborted();
    if (options.isPlain !== true) await applySettings(session);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

function readVersionText(connection: mysql.Connection): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.query<mysql.RowDataPacket[]>("SELECT VERSION() AS version", (error, rows) => {
      if (error) reject(error);
      else resolve(String(rows[0]?.["version"]));
    });
  });
}

/** Runs `work` with a session of its own. */
export async function withSession<T>(
  login: Login,
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(login, options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Runs `work` with an administrator's session that has no database of its own. */
export function withAdmin<T>(
  server: ServerAccess,
  signal: AbortSignal,
  work: (admin: Session) => Promise<T>,
): Promise<T> {
  return withSession(asAdmin(server), { signal }, work);
}
