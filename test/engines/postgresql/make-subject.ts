import { randomBytes } from "node:crypto";
import type { FleetMajor } from "../../../playground/fleet/start-fleet.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { DatabaseAccess, DatabasePair, Engine } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { createPostgresqlEngine } from "../../../src/engines/postgresql/index.ts";
import type { EngineSubject, SubjectKind } from "../../contracts/engine-subject.ts";
import { pgBin, postgresUrl } from "../../support/shared-servers.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { readContent } from "./read-content.ts";
import { FILLED, LARGE } from "./seed.ts";

export const aPlan = (facts: Partial<Plan> = {}): Plan => ({
  id: "pg-s",
  name: "S",
  engine: "postgresql",
  vcpus: 1,
  memoryBytes: 2 ** 30,
  diskBytes: 10 * 2 ** 30,
  connections: 20,
  shared: false,
  monthlyPrice: { minorUnits: 1950, currency: "EUR" },
  ...facts,
});

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function access(major: FleetMajor, name: string): Promise<DatabaseAccess> {
  const server = { id: `pg${major}`, adminUrl: new Secret(await postgresUrl(major)) };
  return { server, database: name, username: `${name}_r;le`, password: new Secret(`p'w"${name}%\\:@/`) };
}

/** A database with an owner of its own on the shared server of a version, with names made to hurt. */
export async function aDatabase(major: FleetMajor, sql = ""): Promise<DatabaseAccess> {
  const made = await access(major, `öld "db' drop ${randomBytes(4).toString("hex")}`);
  const { username, password, database } = made;
  const root = made.server.adminUrl.reveal();
  const literal = `E'${password.reveal().replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  await querySql(root, `CREATE ROLE ${quote(username)} LOGIN PASSWORD ${literal}`);
  await querySql(root, `CREATE DATABASE ${quote(database)} OWNER ${quote(username)}`);
  await querySql(
    root,
    `ALTER DATABASE ${quote(database)} SET search_path = public, "q""s"; ALTER ROLE ${quote(username)} IN DATABASE ${quote(database)} SET default_transaction_read_only = off`,
  );
  if (sql !== "") await querySql(appUrl(made), sql);
  return made;
}

/** A source with its content and the names of a target that does not exist yet. */
export async function aPair(majors: readonly [FleetMajor, FleetMajor], sql = ""): Promise<DatabasePair> {
  const source = await aDatabase(majors[0], sql);
  const target = await access(majors[1], `new_${randomBytes(4).toString("hex")}`);
  return { source, target };
}

export const anEngine = (): Engine =>
  createPostgresqlEngine({ env: { ...process.env, GODWIT_PG_BIN: pgBin() }, jobs: 3 });

async function runAs(url: string, statements: readonly string[]): Promise<void> {
  await querySql(url, statements.join(";\n"));
}

const WRITE = "INSERT INTO public.writes (note) VALUES ('x')";
const withOptions = (url: string, options: string): string =>
  `${url}?options=${encodeURIComponent(options)}&lock_timeout=500`;

/** Every way in which an application of this kind of database may write. */
const WRITES: EngineSubject["writes"] = {
  "plain insert": (database) => runAs(appUrl(database), [WRITE]),
  "BEGIN READ WRITE": (database) =>
    runAs(appUrl(database), ["BEGIN READ WRITE", "SET LOCAL lock_timeout = '300ms'", WRITE, "COMMIT"]),
  "options in the URL": (database) =>
    runAs(withOptions(appUrl(database), "-c default_transaction_read_only=off -c lock_timeout=300"), [WRITE]),
  "a new table": (database) =>
    runAs(withOptions(appUrl(database), "-c default_transaction_read_only=off -c lock_timeout=300"), [
      "DROP TABLE IF EXISTS public.later",
      "CREATE TABLE public.later ()",
    ]),
  "a large object": (database) =>
    runAs(withOptions(appUrl(database), "-c default_transaction_read_only=off -c lock_timeout=300"), [
      "SELECT lo_create(0)",
    ]),
  truncate: (database) =>
    runAs(appUrl(database), [
      "BEGIN READ WRITE",
      "SET LOCAL lock_timeout = '300ms'",
      "TRUNCATE public.writes",
    ]),
};

async function readSettings(database: DatabaseAccess): Promise<unknown> {
  return querySql(
    adminUrl(database),
    `SELECT (SELECT json_agg(s ORDER BY s.setrole) FROM (SELECT setrole, setdatabase, array(SELECT unnest(setconfig) ORDER BY 1) AS config
         FROM pg_db_role_setting WHERE setdatabase = d.oid) s) AS settings,
       (SELECT json_agg(json_build_array(nspname, nspacl::text) ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp') AS schemas,
       (SELECT json_agg(json_build_array(relname, relacl::text) ORDER BY relname) FROM pg_class WHERE relacl IS NOT NULL) AS relations,
       datacl::text, datallowconn, datconnlimit
     FROM pg_database d WHERE datname = current_database()`,
  );
}

const SQL: Readonly<Record<SubjectKind, string>> = { filled: FILLED, large: LARGE, empty: "" };

/** Makes what the engine contract works with. */
export function subjectsFor(majors: readonly [FleetMajor, FleetMajor]) {
  return async (kind: SubjectKind): Promise<EngineSubject> => {
    const engine = anEngine();
    const pair = await aPair(majors, SQL[kind]);
    const signal = new AbortController().signal;
    return {
      engine,
      pair,
      plan: aPlan(),
      writes: WRITES,
      read: (database) => runAs(appUrl(database), ["SELECT count(*) FROM public.writes"]),
      content: readContent,
      settings: readSettings,
      weaken: (_database, hold) => hold.release(),
      turningPoints: ["building"],
      changeOneRow: async (database) => {
        await runAs(adminUrl(database), ["UPDATE public.writes SET note = 'altered' WHERE id = 2"]);
        return { table: "writes", value: "altered" };
      },
      killHolder: (database, holder) =>
        runAs(adminUrl(database), [
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${holder}'`,
        ]),
      sessions: async (database) =>
        (
          await querySql<{ query: string }>(
            adminUrl(database),
            `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
             AND backend_type = 'client backend'`,
          )
        ).map(({ query }) => query),
      dispose: async () => {
        await engine.drop(pair.target, signal);
        await engine.drop(pair.source, signal);
      },
    };
  };
}
