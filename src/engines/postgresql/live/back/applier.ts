import type pg from "pg";
import type { DatabaseAccess } from "../../../../core/ports/engine.ts";
import { readVersion } from "../../server-version.ts";
import { asAdmin, withSession } from "../../session.ts";
import { quoteName } from "../../sql.ts";
import { replicationNames } from "../names.ts";
import { dropReplicationRole } from "../replication-role.ts";

/** From this version on an administrator's subscription acts as the owner of each table. */
const NEEDLESS_SINCE = 160_000;

/** As whom changes are applied, on the old server; its name is none of the new one's, which may be the same server. */
function applierName(id: string): string {
  return replicationNames(`${id}_apply`).name;
}

/**
 * Makes the role that owns the subscription before version 16, where changes are applied with its rights: those of the
 * database's owner, who has to stay outside. No client can log in as it: it has no password and no connection to
 * spare, which the server's own workers do not need. Undefined where none is needed.
 */
export async function makeApplier(
  admin: pg.Client,
  { database, username }: DatabaseAccess,
  id: string,
): Promise<string | undefined> {
  if ((await readVersion(admin)) >= NEEDLESS_SINCE) return undefined;
  const name = applierName(id);
  const role = quoteName(name);
  const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [name]);
  const verb = rowCount === 0 ? "CREATE" : "ALTER";
  await admin.query(`${verb} ROLE ${role} LOGIN NOSUPERUSER INHERIT CONNECTION LIMIT 0 PASSWORD NULL`);
  await admin.query(`GRANT ${quoteName(username)} TO ${role}`);
  await admin.query(`GRANT CONNECT ON DATABASE ${quoteName(database)} TO ${role}`);
  return name;
}

/** Drops the role where there is one. */
export async function dropApplier(
  { server, database }: Pick<DatabaseAccess, "server" | "database">,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  await withSession(asAdmin(server), { name: "godwit follow", signal }, async (admin) => {
    const { rowCount } = await admin.query("SELECT FROM pg_database WHERE datname = $1", [database]);
    if (rowCount === 0) await admin.query(`DROP ROLE IF EXISTS ${quoteName(applierName(id))}`);
    else await dropReplicationRole(admin, database, applierName(id));
  });
}
