import type pg from "pg";
import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { readVersion } from "./server-version.ts";
import { asAdmin, withSession } from "./session.ts";
import { quoteName } from "./sql.ts";

const NAME = "godwit drop";

async function dropDatabase(admin: pg.Client, database: string): Promise<void> {
  const version = await readVersion(admin);
  const name = quoteName(database);
  if (version >= 130000) return void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  const { rowCount } = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
  if (rowCount === 0) return;
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [database]);
  await admin.query(`DROP DATABASE ${name}`);
}

/** Databases, besides the dropped one, in which the role owns or was granted something. */
async function databasesOf(admin: pg.Client, role: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT DISTINCT d.datname AS name FROM pg_shdepend s
     JOIN pg_database d ON d.oid = s.dbid OR (s.dbid = 0 AND s.classid = 'pg_database'::regclass AND d.oid = s.objid)
     WHERE s.refclassid = 'pg_authid'::regclass
       AND s.refobjid = (SELECT oid FROM pg_roles WHERE rolname = $1)`,
    [role],
  );
  return rows.map(({ name }) => name);
}

async function ownsDatabase(admin: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await admin.query(
    "SELECT 1 FROM pg_database WHERE pg_get_userbyid(datdba) = $1 LIMIT 1",
    [role],
  );
  return rowCount !== 0;
}

/** Takes what the role was granted elsewhere back, so that it can go. */
async function revokeElsewhere(
  access: Omit<DatabaseAccess, "password">,
  databases: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const role = quoteName(access.username);
  for (const database of databases) {
    const login = asAdmin(access.server, database);
    await withSession(login, { name: NAME, signal }, async (client) => {
      await client.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER`);
      await client.query(`DROP OWNED BY ${role}`);
    });
  }
}

/**
 * Drops the database with its sessions, then its role. A role that owns another database stays, because
 * it is somebody's.
 */
export async function drop(access: Omit<DatabaseAccess, "password">, signal: AbortSignal): Promise<void> {
  await withSession(asAdmin(access.server), { name: NAME, signal }, async (admin) => {
    await dropDatabase(admin, access.database);
    const role = access.username;
    const { rowCount } = await admin.query("SELECT 1 FROM pg_roles WHERE rolname = $1 AND NOT rolsuper", [
      role,
    ]);
    if (rowCount === 0 || (await ownsDatabase(admin, role))) return;
    await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", [role]);
    await revokeElsewhere(access, await databasesOf(admin, role), signal);
    await admin.query(`DROP ROLE IF EXISTS ${quoteName(role)}`);
  });
}
