import { inject } from "vitest";
import type { FleetMajor } from "../../playground/fleet/start-fleet.ts";
import type { MysqlServerName } from "../../scripts/tools/ensure-tools.ts";

/** Admin URL of the run's shared PostgreSQL of a major version; make a database of your own in it. */
export function postgresUrl(major: FleetMajor = 18): Promise<string> {
  return ask(`postgres/${major}`);
}

/** Administrator's URL of the run's shared server of the MySQL family; make a database of your own in it. */
export function mysqlUrl(name: MysqlServerName): Promise<string> {
  return ask(`mysql/${name}`);
}

/** URL of TEST_REDIS_URL or of the run's shared Redis; use a key prefix of your own. */
export function redisUrl(): Promise<string> {
  return ask("redis");
}

/** Path of a bundle of a program below the root, such as `test/journeys/godwit-process.ts`; made once a run. */
export function bundledProgram(source: string): Promise<string> {
  return ask(`program/${encodeURIComponent(source)}`);
}

/** Folder with pg_dump, pg_restore and psql of the newest major version. */
export function pgBin(): string {
  return inject("pgBin");
}

/** A server that cannot be had fails the test with the sentence that says how to get it. */
async function ask(path: string): Promise<string> {
  const response = await fetch(`${inject("serverBroker")}/${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
