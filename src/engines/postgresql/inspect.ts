import type pg from "pg";
import type { DatabaseAccess, DatabaseFacts, ServerAccess, ServerFacts } from "../../core/ports/engine.ts";
import { readExtensions } from "./extensions.ts";
import { readObstacles } from "./live/obstacles.ts";
import { asAdmin, withSession } from "./session.ts";
import { isUserSchema } from "./sql.ts";

const NAME = "godwit look";

async function readServer(client: pg.Client): Promise<ServerFacts> {
  const { rows } = await client.query<{ number: number; full: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS full`,
  );
  const { number = 0, full = "" } = rows[0] ?? {};
  return { version: String(Math.floor(number / 10_000)), fullVersion: full.split(" ")[0] ?? full };
}

/** Version of a server. */
export function serverFacts(server: ServerAccess, signal: AbortSignal): Promise<ServerFacts> {
  return withSession(asAdmin(server), { name: NAME, signal }, readServer);
}

/** Login roles, besides the owner and superusers, that were granted something in the database or on it. */
export async function readOtherUsers(client: pg.Client, owner: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `WITH grantees AS (
       SELECT a.grantee FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
       UNION SELECT a.grantee FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a
       UNION SELECT a.grantee FROM pg_attribute t CROSS JOIN aclexplode(t.attacl) a
       UNION SELECT a.grantee FROM pg_database d CROSS JOIN aclexplode(d.datacl) a WHERE d.datname = current_database()
       UNION SELECT c.relowner FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm')
     ), reached AS (
       SELECT r.oid FROM pg_roles r JOIN grantees g ON g.grantee = r.oid
       UNION SELECT m.member FROM pg_auth_members m JOIN grantees g ON g.grantee = m.roleid
     )
     SELECT r.rolname AS name FROM pg_roles r JOIN reached USING (oid)
     WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolname <> $1 AND r.rolname !~ '^pg_' ORDER BY 1`,
    [owner],
  );
  return rows.map(({ name }) => name);
}

async function readSize(client: pg.Client): Promise<Pick<DatabaseFacts, "usedBytes" | "tables" | "rows">> {
  const { rows } = await client.query<Pick<DatabaseFacts, "usedBytes" | "tables" | "rows">>(
    `SELECT pg_database_size(current_database())::float8 AS "usedBytes", count(c.oid)::int AS tables,
       coalesce(sum(greatest(c.reltuples, 0)), 0)::float8 AS rows
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${isUserSchema("n.nspname")}`,
  );
  return rows[0] ?? { usedBytes: 0, tables: 0, rows: 0 };
}

/** What a database is made of; row counts are the catalog's estimates. */
export function inspect(source: DatabaseAccess, signal: AbortSignal): Promise<DatabaseFacts> {
  const login = asAdmin(source.server, source.database);
  return withSession(login, { name: NAME, signal }, async (client) => ({
    ...(await readServer(client)),
    ...(await readSize(client)),
    extensions: (await readExtensions(client)).map(({ name }) => name),
    liveObstacles: await readObstacles(client),
    otherUsers: await readOtherUsers(client, source.username),
  }));
}
