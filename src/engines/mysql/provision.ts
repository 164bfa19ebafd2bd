import { createHash } from "node:crypto";
import { GodwitError } from "../../core/failure.ts";
import type { Plan } from "../../core/plan.ts";
import type { DatabaseAccess, DatabasePair, EngineCall } from "../../core/ports/engine.ts";
import { isExactly } from "./rights.ts";
import { asAdmin, type Session, withAdmin } from "./session.ts";
import { grantPattern, quoteAccount, quoteName, quoteText } from "./sql.ts";

/** How a database stores text unless a table says otherwise. */
interface Defaults {
  readonly charset: string;
  readonly collation: string;
}

async function readDefaults(admin: Session, database: string): Promise<Defaults | null> {
  const [row] = await admin.rows<Defaults>(
    `SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
     FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`,
    [database],
  );
  return row ?? null;
}

/** Whether the copy is to be the administrator's, as where a database has no user of its own. */
export function isAdministrators(target: Pick<DatabaseAccess, "server" | "username">): boolean {
  return target.username === asAdmin(target.server).user;
}

/** Databases on which a user holds rights, as they were written. */
async function databasesOf(admin: Session, username: string): Promise<string[]> {
  const rows = await admin.rows<{ name: string }>("SELECT Db AS name FROM mysql.db WHERE User = ?", [
    username,
  ]);
  return rows.map(({ name }) => name);
}

async function hasUser(admin: Session, username: string): Promise<boolean> {
  return (await admin.rows("SELECT 1 FROM mysql.user WHERE User = ?", [username])).length > 0;
}

/** Refuses to touch a database or a user that somebody else already has. */
async function refuseForeign(admin: Session, target: DatabaseAccess, exists: boolean): Promise<void> {
  if (isAdministrators(target)) return;
  const held = await databasesOf(admin, target.username);
  const isOurs = held.some((name) => isExactly(name, target.database));
  const isElsewhere = held.some((name) => !isExactly(name, target.database));
  if (!isElsewhere && (!exists || isOurs)) return;
  throw new GodwitError({
    code: "target-taken",
    summary: `The server already has a database or a user named ${target.database} or ${target.username}.`,
    remedy: "Start the migration again, so that Godwit picks other names.",
  });
}

/** MariaDB takes the hash, so that no log has the password; MySQL leaves it out of its logs by itself. */
export function identified(admin: Session, password: string): string {
  if (admin.flavour.passwordHash === null) return `IDENTIFIED BY ${quoteText(password)}`;
  const sha1 = (input: string | Buffer): Buffer => createHash("sha1").update(input).digest();
  return `IDENTIFIED BY PASSWORD '*${sha1(sha1(password)).toString("hex").toUpperCase()}'`;
}

async function ensureUser(admin: Session, target: DatabaseAccess, connections: number): Promise<void> {
  if (isAdministrators(target)) return;
  const account = quoteAccount({ user: target.username, host: "%" });
  const verb = (await hasUser(admin, target.username)) ? "ALTER" : "CREATE";
  const password = identified(admin, target.password.reveal());
  await admin.run(`${verb} USER ${account} ${password} WITH MAX_USER_CONNECTIONS ${connections}`);
  await admin.run(`GRANT ALL PRIVILEGES ON ${grantPattern(target.database)}.* TO ${account}`);
}

/** Makes an empty database that stores text as the source does. */
export async function createDatabase(admin: Session, database: string, defaults: Defaults): Promise<void> {
  await admin.run(
    `CREATE DATABASE IF NOT EXISTS ${quoteName(database)} CHARACTER SET ${defaults.charset} COLLATE ${defaults.collation}`,
  );
}

/** Reads how the source stores text; a source that is gone is told by the server's own error. */
export async function readSourceDefaults(source: DatabaseAccess, signal: AbortSignal): Promise<Defaults> {
  const defaults = await withAdmin(source.server, signal, (admin) => readDefaults(admin, source.database));
  if (defaults === null) throw Object.assign(new Error("the database does not exist"), { errno: 1049 });
  return defaults;
}

/** Makes the target's database and its user with the plan's limit of connections; keeps what exists. */
export async function provision(pair: DatabasePair, plan: Plan, call: EngineCall): Promise<void> {
  const { source, target } = pair;
  const defaults = await readSourceDefaults(source, call.signal);
  await withAdmin(target.server, call.signal, async (admin) => {
    const exists = (await readDefaults(admin, target.database)) !== null;
    await refuseForeign(admin, target, exists);
    await createDatabase(admin, target.database, defaults);
    await ensureUser(admin, target, plan.connections);
  });
}
