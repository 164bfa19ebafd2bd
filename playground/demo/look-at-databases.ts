import { Client } from "pg";
import type { Fleet, FleetServer } from "../fleet/start-fleet.ts";
import type { DatabaseRole, DemoDatabase } from "../page/demo-state.ts";

/** Where the orders live, where they lived before, and where the other add-ons of the fleet live. */
export interface Whereabouts {
  readonly current: { readonly serverId: string; readonly database: string };
  readonly retired: readonly { readonly serverId: string; readonly database: string }[];
  readonly others: readonly { readonly name: string; readonly serverId: string }[];
}

/** Looks at every database of the orders on every server of the fleet; a server that is down is left out. */
export async function lookAtDatabases(fleet: Fleet, whereabouts: Whereabouts): Promise<DemoDatabase[]> {
  const found = await Promise.all(fleet.servers.map((server) => lookAt(server, whereabouts).catch(() => [])));
  return [...found.flat(), ...whereabouts.others.map(describeOther)];
}

const ENGINES: Readonly<Record<string, string>> = { mariadb: "MariaDB", redis: "Redis", valkey: "Valkey" };

/** The demo does not count what the other engines hold. */
function describeOther({ name, serverId }: Whereabouts["others"][number]): DemoDatabase {
  const [engine = "", version = ""] = serverId.split("-");
  return {
    server: serverId,
    version: `${ENGINES[engine] ?? engine} ${version}`,
    zone: "par",
    database: name,
    rows: null,
    sizeBytes: null,
    role: "in use",
  };
}

async function lookAt(server: FleetServer, whereabouts: Whereabouts): Promise<DemoDatabase[]> {
  const names = await query<{ name: string; bytes: number }>(
    server.url,
    `SELECT datname AS name, pg_database_size(oid)::float8 AS bytes FROM pg_database
     WHERE datname LIKE 'orders%' ORDER BY datname`,
  );
  return Promise.all(
    names.map(async ({ name, bytes }) => ({
      server: server.id,
      version: `PostgreSQL ${server.version}`,
      zone: "par",
      database: name,
      rows: await countRows(server, name),
      sizeBytes: bytes,
      role: roleOf(server.id, name, whereabouts),
    })),
  );
}

/** From the server's own statistics: a count of a million rows each second would slow down the demo. */
async function countRows(server: FleetServer, database: string): Promise<number | null> {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  const rows = await query<{ rows: number | null }>(
    url.href,
    `SELECT sum(s.n_live_tup)::float8 AS rows
     FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid AND c.relkind <> 'm'`,
  ).catch(() => []);
  return rows[0]?.rows ?? null;
}

function roleOf(serverId: string, database: string, { current, retired }: Whereabouts): DatabaseRole {
  if (current.serverId === serverId && current.database === database) return "in use";
  const isRetired = retired.some((old) => old.serverId === serverId && old.database === database);
  return isRetired ? "old, closed" : "new";
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({
    connectionString: url,
    application_name: "godwit demo",
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
