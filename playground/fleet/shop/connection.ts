import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { connectCatalog } from "./connect-catalog.ts";
import { connectOrders, ordersUrl } from "./connect-orders.ts";
import { connectSessions } from "./connect-sessions.ts";
import type { Outcome } from "./journal.ts";

/** Where the shop is connected to. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** With its product's name where that is not PostgreSQL. */
  readonly version: string;
}

/** How an attempt to write ended, and whether it is certain that nothing was written. */
export interface Attempt {
  readonly outcome: Outcome;
  readonly code: string | null;
  readonly isCertain: boolean;
}

/** A connection that knows where it leads and whether it still stands. */
export interface Connection {
  readonly target: Target;
  /** Writes what bears this number; a second attempt looks whether the first one did. */
  save(ref: number, isRetry: boolean): Promise<void>;
  isLost(): boolean;
  close(): Promise<void>;
}

/** An env file's variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

function readVariables(envFile: string): Variables {
  return parseEnv(readFileSync(envFile, "utf8"));
}

/** How the shop connects to each kind of database, by the variable that holds the URL; PostgreSQL where neither is set. */
const CONNECT = { REDIS_URL: connectSessions, MYSQL_ADDON_URI: connectCatalog } as const;

/** Connects to what the env file names now: a Redis for sessions, a MariaDB for the catalog, or else the orders. */
export function connect(envFile: string): Promise<Connection> {
  const variables = readVariables(envFile);
  for (const [name, open] of Object.entries(CONNECT)) {
    const url = variables[name];
    if (url !== undefined) return open(url);
  }
  return connectOrders(variables);
}

/** Tells where the env file leads, for attempts that reach no server. */
export function nameTarget(envFile: string): string {
  try {
    const variables = readVariables(envFile);
    const named = Object.keys(CONNECT)
      .map((name) => variables[name])
      .find((url) => url !== undefined);
    const { host, pathname } = new URL(named ?? ordersUrl(variables));
    return `${host}${pathname}`;
  } catch {
    return "unknown";
  }
}
