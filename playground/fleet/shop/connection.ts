import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { Client } from "pg";

/** Where the shop is connected to. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly version: string;
}

/** A connection that knows where it leads and whether it still stands. */
export interface Connection {
  readonly client: Client;
  readonly target: Target;
  isLost(): boolean;
  close(): Promise<void>;
}

/** Connects to the database that the env file names now. */
export async function connect(envFile: string): Promise<Connection> {
  const client = new Client({
    connectionString: readUrl(envFile),
    application_name: "shop",
    connectionTimeoutMillis: 3000,
    statement_timeout: 10_000,
  });
  let lost = false;
  client.on("error", () => (lost = true));
  client.on("end", () => (lost = true));
  await client.connect();
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  );
  const { host, port, database = "" } = client;
  return {
    client,
    target: { host, port, database, version: rows[0]?.version ?? "" },
    isLost: () => lost,
    close: () => client.end().catch(() => undefined),
  };
}

/** The single variables count; the URI stands in when they are missing. */
function readUrl(envFile: string): string {
  const env = parseEnv(readFileSync(envFile, "utf8"));
  const value = (name: string) => env[`POSTGRESQL_ADDON_${name}`] ?? "";
  if (value("HOST") === "") return value("URI");
  const url = new URL(`postgresql://${value("HOST")}:${value("PORT")}/${encodeURIComponent(value("DB"))}`);
  url.username = encodeURIComponent(value("USER"));
  url.password = encodeURIComponent(value("PASSWORD"));
  return url.href;
}

/** Tells where the env file leads, for attempts that reach no server. */
export function nameTarget(envFile: string): string {
  try {
    const { host, pathname } = new URL(readUrl(envFile));
    return `${host}${pathname}`;
  } catch {
    return "unknown";
  }
}
