import { randomBytes } from "node:crypto";
import type pg from "pg";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import { Secret } from "../../../core/secret.ts";
import { scramVerifier } from "../scram-verifier.ts";
import { asAdmin } from "../session.ts";
import { quoteName, quoteText } from "../sql.ts";

/** Sessions that the target opens with it: one that streams, and one that looks before. */
const CONNECTIONS = 4;

async function hasRole(admin: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [name]);
  return rowCount !== 0;
}

async function mayConnect(admin: pg.Client, role: string, database: string): Promise<boolean> {
  const { rows } = await admin.query<{ may: boolean }>(
    "SELECT has_database_privilege($1, $2, 'CONNECT') AS may",
    [role, database],
  );
  return rows[0]?.may ?? false;
}

/**
 * Makes the role that the target reads changes as, with a new password at every call. It may replicate and
 * nothing else, owns nothing and is dropped at the end, so that the administrator's password never
 * leaves Godwit.
 */
export async function makeReplicationRole(
  admin: pg.Client,
  source: DatabaseAccess,
  name: string,
): Promise<Secret> {
  const password = randomBytes(24).toString("base64url");
  const role = quoteName(name);
  const verb = (await hasRole(admin, name)) ? "ALTER" : "CREATE";
  await admin.query(
    `${verb} ROLE ${role} LOGIN REPLICATION NOINHERIT CONNECTION LIMIT ${CONNECTIONS}
     PASSWORD ${quoteText(scramVerifier(password))}`,
  );
  if (!(await mayConnect(admin, name, source.database)))
    await admin.query(`GRANT CONNECT ON DATABASE ${quoteName(source.database)} TO ${role}`);
  return new Secret(password);
}

/** Drops the role where there is one, and the right that it was given. */
export async function dropReplicationRole(admin: pg.Client, database: string, name: string): Promise<void> {
  if (!(await hasRole(admin, name))) return;
  const role = quoteName(name);
  await admin.query(`REVOKE ALL ON DATABASE ${quoteName(database)} FROM ${role}`);
  await admin.query(`DROP ROLE ${role}`);
}

/** Keeps the role from opening another session. */
export async function closeReplicationRole(admin: pg.Client, name: string): Promise<void> {
  if (await hasRole(admin, name)) await admin.query(`ALTER ROLE ${quoteName(name)} NOLOGIN`);
}

/** A value of libpq's connection string. */
function quoteValue(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/**
 * Where and as whom the target connects. A certificate that Godwit was given lies on Godwit's machine, not
 * on the target's, so a mode that checks certificates becomes one that encrypts only.
 */
export function connectionString(source: DatabaseAccess, name: string, password: Secret): Secret {
  const { host, port, sslmode } = asAdmin(source.server);
  const encrypts = sslmode !== null && /^(require|verify-|no-verify)/.test(sslmode);
  const parts = {
    host,
    port: String(port),
    dbname: source.database,
    user: name,
    password: password.reveal(),
    connect_timeout: "10",
    keepalives_idle: "10",
    keepalives_interval: "10",
    keepalives_count: "6",
    ...(encrypts ? { sslmode: "require" } : sslmode === null ? {} : { sslmode }),
  };
  const text = Object.entries(parts).map(([key, value]) => `${key}=${quoteValue(value)}`);
  return new Secret(text.join(" "));
}
