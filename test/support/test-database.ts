import { randomBytes } from "node:crypto";
import { Client, Pool } from "pg";
import type { FleetMajor } from "../../playground/fleet/start-fleet.ts";
import { postgresUrl } from "./shared-servers.ts";

/** An empty database of one test file's own. */
export interface TestDatabase {
  /** As superuser. */
  readonly url: string;
  readonly name: string;
  /** Removes the database, and ends the sessions that are still in it. */
  drop(): Promise<void>;
}

/** Creates a database on the run's shared server; call `drop` in `afterAll`. */
export async function createTestDatabase({ major = 18 }: { major?: FleetMajor } = {}): Promise<TestDatabase> {
  const adminUrl = await postgresUrl(major);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await runSql(adminUrl, `CREATE DATABASE ${name}`);
  const url = adminUrl.replace(/postgres$/, name);
  return { url, name, drop: () => runSql(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Connections of a test's own to a database that may be dropped while the last of them still says goodbye. */
export function openPool(url: string, max = 10): Pool {
  const pool = new Pool({ connectionString: url, max });
  pool.on("error", () => undefined);
  return pool;
}

/** Runs SQL on a connection of its own and returns the rows of the last statement. */
export async function querySql<Row extends object>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString, application_name: "test" });
  client.on("error", () => undefined); // A fence ends every session of its database: the query, if any, tells.
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function runSql(connectionString: string, sql: string): Promise<void> {
  await querySql(connectionString, sql);
}
