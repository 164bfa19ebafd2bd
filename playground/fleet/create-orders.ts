import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { CONSTRAINTS, type OrdersRows, seed, shareRows, TABLES } from "./orders-schema.ts";

/** The sample database and its roles, as an add-on's variables describe them. */
export interface OrdersDatabase {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** As the owner. */
  readonly url: string;
  /** As the read-only user `<name>_ro`. */
  readonly readOnlyUrl: string;
  readonly rows: OrdersRows;
}

/** What to create. */
export interface OrdersOptions {
  /** Rows of all tables together. */
  readonly rows: number;
  /** Name of the database and its owner; default `orders`. */
  readonly name?: string;
}

/** Creates the role and database `orders` with plausible data, and a user who may only read it. */
export async function createOrders(
  server: { readonly url: string },
  options: OrdersOptions,
): Promise<OrdersDatabase> {
  const name = options.name ?? "orders";
  const [password, readOnlyPassword] = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
  const readOnly = `${name}_ro`;
  await runSql(server.url, [
    `CREATE ROLE ${escapeIdentifier(name)} LOGIN PASSWORD ${escapeLiteral(password)}`,
    `CREATE ROLE ${escapeIdentifier(readOnly)} LOGIN PASSWORD ${escapeLiteral(readOnlyPassword)}`,
    `CREATE DATABASE ${escapeIdentifier(name)} OWNER ${escapeIdentifier(name)}`,
  ]);
  const url = urlFor(server.url, { user: name, password, database: name });
  const rows = shareRows(options.rows);
  await runSql(url, [
    TABLES,
    seed(rows),
    CONSTRAINTS,
    ...grantsTo(escapeIdentifier(readOnly)),
    "VACUUM ANALYZE",
  ]);
  const { hostname: host, port } = new URL(url);
  const readOnlyUrl = urlFor(server.url, { user: readOnly, password: readOnlyPassword, database: name });
  return { host, port: Number(port), database: name, user: name, password, url, readOnlyUrl, rows };
}

function grantsTo(role: string): string[] {
  return [
    `GRANT USAGE ON SCHEMA public TO ${role}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${role}`,
  ];
}

/** The URL of another user and database on the same server. */
export function urlFor(
  serverUrl: string,
  { user, password, database }: { user: string; password: string; database: string },
): string {
  const url = new URL(serverUrl);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

async function runSql(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString, application_name: "fleet" });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
