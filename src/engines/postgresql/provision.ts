import type pg from "pg";
import { GodwitError } from "../../core/failure.ts";
import type { Plan } from "../../core/plan.ts";
import type { DatabaseAccess, DatabasePair, EngineCall } from "../../core/ports/engine.ts";
import { createDatabase, type DatabaseLocale, readLocale } from "./create-database.ts";
import { createExtensions, type Extension, readExtensions } from "./extensions.ts";
import { type ForeignLink, makeForeignLinks, readForeignLinks } from "./foreign-links.ts";
import { scramVerifier } from "./scram-verifier.ts";
import { readVersion } from "./server-version.ts";
import { asAdmin, withSession } from "./session.ts";
import { applyCarriedSettings, type CarriedSetting, readCarriedSettings } from "./settings.ts";
import { quoteName, quoteText } from "./sql.ts";

const NAME = "godwit provision";

/** What the new database takes over from the old one besides its schema and data. */
export interface Inheritance {
  readonly locale: DatabaseLocale;
  readonly extensions: readonly Extension[];
  readonly settings: readonly CarriedSetting[];
  readonly links: readonly ForeignLink[];
  /** What somebody wrote about the database itself. */
  readonly comment: string | null;
}

async function readComment(admin: pg.Client): Promise<string | null> {
  const { rows } = await admin.query<{ comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = current_database()`,
  );
  return rows[0]?.comment ?? null;
}

/** Reads what a database hands on to its successor. */
export function readInheritance(source: DatabaseAccess, signal: AbortSignal): Promise<Inheritance> {
  return withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (admin) => ({
    locale: await readLocale(admin, source.database),
    extensions: await readExtensions(admin),
    settings: await readCarriedSettings(admin, source.database, source.username),
    links: await readForeignLinks(admin, source.username),
    comment: await readComment(admin),
  }));
}

/** Whether the copy is to belong to the administrator, as a superuser's own database does. */
function isAdministrators(target: DatabaseAccess): boolean {
  return target.username === asAdmin(target.server).user;
}

async function ensureRole(admin: pg.Client, target: DatabaseAccess): Promise<void> {
  if (isAdministrators(target)) return;
  const role = quoteName(target.username);
  const { rowCount } = await admin.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [target.username]);
  const verb = rowCount === 0 ? "CREATE" : "ALTER";
  const password = quoteText(scramVerifier(target.password.reveal()));
  await admin.query(`${verb} ROLE ${role} LOGIN PASSWORD ${password}`);
}

/** Owner of a database, or null when there is no such database. */
async function ownerOf(admin: pg.Client, database: string): Promise<string | null> {
  const { rows } = await admin.query<{ owner: string }>(
    "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1",
    [database],
  );
  return rows[0]?.owner ?? null;
}

/** Refuses to touch a database or a role that somebody else already has. */
async function refuseForeign(admin: pg.Client, target: DatabaseAccess): Promise<string | null> {
  const owner = await ownerOf(admin, target.database);
  const { rows } = await admin.query<{ taken: boolean }>(
    `SELECT r.rolsuper OR EXISTS (SELECT 1 FROM pg_database d WHERE d.datdba = r.oid AND d.datname <> $2) AS taken
     FROM pg_roles r WHERE r.rolname = $1`,
    [target.username, target.database],
  );
  const isTaken = rows[0]?.taken === true && !isAdministrators(target);
  if (!isTaken && (owner === null || owner === target.username)) return owner;
  throw new GodwitError({
    code: "target-taken",
    summary: `The server already has a database or a user named ${target.database} or ${target.username}.`,
    remedy: "Start the migration again, so that Godwit picks other names.",
  });
}

/** Fills an empty database with what it inherits before its schema: extensions, settings, links to other servers. */
export async function equip(pair: DatabasePair, inheritance: Inheritance, call: EngineCall): Promise<void> {
  const { target } = pair;
  const { signal, log } = call;
  const login = asAdmin(target.server, target.database);
  await withSession(login, { name: NAME, signal }, async (admin) => {
    if ((await readVersion(admin)) < 150_000) {
      await admin.query(`ALTER SCHEMA public OWNER TO ${quoteName(target.username)}`);
    }
    await createExtensions(admin, target.username, inheritance.extensions);
    const { database, username } = target;
    await applyCarriedSettings(admin, { database, username, log }, inheritance.settings);
    if (inheritance.comment !== null) {
      await admin.query(`COMMENT ON DATABASE ${quoteName(database)} IS ${quoteText(inheritance.comment)}`);
    }
  });
  await makeForeignLinks(pair, inheritance.links, call);
}

/** Makes the target's role and its empty database with the plan's limits; keeps what exists. */
export async function provision(pair: DatabasePair, plan: Plan, call: EngineCall): Promise<void> {
  const { source, target } = pair;
  const { signal } = call;
  const inheritance = await readInheritance(source, signal);
  await withSession(asAdmin(target.server), { name: NAME, signal }, async (admin) => {
    const owner = await refuseForeign(admin, target);
    await ensureRole(admin, target);
    const { database, username } = target;
    const { connections } = plan;
    const { locale } = inheritance;
    if (owner === null) await createDatabase(admin, { database, owner: username, connections, locale });
    else await admin.query(`ALTER DATABASE ${quoteName(database)} CONNECTION LIMIT ${connections}`);
  });
  await equip(pair, inheritance, call);
}

/** Throws the target's database away and makes it again, empty, with the same limits. */
export async function recreateDatabase(pair: DatabasePair, call: EngineCall): Promise<void> {
  const { source, target } = pair;
  const { signal } = call;
  const inheritance = await readInheritance(source, signal);
  await withSession(asAdmin(target.server), { name: NAME, signal }, async (admin) => {
    await refuseForeign(admin, target);
    const { database, username: owner } = target;
    const { rows } = await admin.query<{ connections: number }>(
      "SELECT datconnlimit AS connections FROM pg_database WHERE datname = $1",
      [database],
    );
    await admin.query(`DROP DATABASE IF EXISTS ${quoteName(database)} WITH (FORCE)`);
    const { locale } = inheritance;
    await createDatabase(admin, { database, owner, connections: rows[0]?.connections ?? -1, locale });
  });
  await equip(pair, inheritance, call);
}
