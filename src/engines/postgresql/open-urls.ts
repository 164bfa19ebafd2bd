import { randomBytes } from "node:crypto";
import type pg from "pg";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, OpenedUrls, ServerAccess, UrlOrder } from "../../core/ports/engine.ts";
import { Secret } from "../../core/secret.ts";
import { isPristine } from "./schema/is-pristine.ts";
import { asAdmin, withSession } from "./session.ts";
import { quoteName, quoteText } from "./sql.ts";

const NAME = "godwit look";
const MAINTENANCE = "postgres";

function refusal(code: string, summary: string, remedy: string): GodwitError {
  return new GodwitError({ code, summary, remedy });
}

/** A server and a database as an administrator's URL names them. */
function parseUrl(url: Secret, option: string): { readonly server: ServerAccess; readonly database: string } {
  const parsed = URL.canParse(url.reveal()) ? new URL(url.reveal()) : null;
  const database = decodeURIComponent(parsed?.pathname.slice(1) ?? "");
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol) || database === "") {
    const remedy = "Write it as postgresql://user:password@host:port/database.";
    throw refusal("bad-url", `The URL given with ${option} names no PostgreSQL database.`, remedy);
  }
  const id = `${parsed.hostname}:${parsed.port || "5432"}`;
  // The administrator works from a database that is always there: the named one may have to be made.
  parsed.pathname = `/${MAINTENANCE}`;
  return { server: { id, adminUrl: new Secret(parsed.href) }, database };
}

/** The source's owner; a superuser's database is the administrator's as far as a copy is concerned. */
async function openSource(order: UrlOrder, signal: AbortSignal) {
  const { server, database } = parseUrl(order.from, "--from");
  const login = asAdmin(server, database);
  return withSession(login, { name: NAME, signal }, async (admin) => {
    const { rows } = await admin.query<{ owner: string; isSuperuser: boolean }>(
      `SELECT r.rolname AS owner, r.rolsuper AS "isSuperuser" FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
       WHERE d.datname = current_database()`,
    );
    const { owner = login.user, isSuperuser = true } = rows[0] ?? {};
    const password = new Secret(owner === login.user ? login.password : "");
    const access: DatabaseAccess = { server, database, username: owner, password };
    return { access, isSuperuser };
  });
}

/** What stands on the target's server under the names that the copy wants. */
async function lookAtTarget(admin: pg.Client, database: string, owner: string) {
  const { rows } = await admin.query<{ hasRole: boolean; databaseOwner: string | null }>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS "hasRole",
       (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1) AS "databaseOwner"`,
    [database, owner],
  );
  return rows[0] ?? { hasRole: false, databaseOwner: null };
}

/** Refuses a database that holds something, or that belongs to somebody else. */
async function refuseUsed(target: DatabaseAccess, databaseOwner: string, signal: AbortSignal): Promise<void> {
  const { server, database, username } = target;
  const remedy = "Name a database that does not exist yet: Godwit makes it.";
  if (databaseOwner !== username) {
    throw refusal("target-taken", `The database ${database} exists and belongs to ${databaseOwner}.`, remedy);
  }
  if (await withSession(asAdmin(server, database), { name: NAME, signal }, isPristine)) return;
  throw refusal("target-not-empty", `The database ${database} is not empty.`, remedy);
}

async function openTarget(
  order: UrlOrder,
  owner: string | null,
  signal: AbortSignal,
): Promise<{ readonly access: DatabaseAccess; readonly makesRole: boolean }> {
  const { server, database } = parseUrl(order.to, "--to");
  const login = asAdmin(server);
  const username = owner ?? login.user;
  const isAdmin = username === login.user;
  const made = order.ownerPassword ?? new Secret(randomBytes(24).toString("base64url"));
  const access = { server, database, username, password: isAdmin ? new Secret(login.password) : made };
  const found = await withSession(login, { name: NAME, signal }, (admin) =>
    lookAtTarget(admin, database, username),
  );
  const isOurs = order.goesOn;
  if (found.hasRole && !isAdmin && !isOurs && order.ownerPassword === undefined) {
    const remedy = "Give its password in GODWIT_OWNER_PASSWORD, or name another role with --owner.";
    throw refusal(
      "owner-exists",
      `The new server already has a role ${username}, whose password Godwit does not know.`,
      remedy,
    );
  }
  if (found.databaseOwner !== null && !isOurs) await refuseUsed(access, found.databaseOwner, signal);
  return { access, makesRole: !isAdmin && (isOurs || !found.hasRole) };
}

/** Gives the copy's owner the password that the source's owner has, without knowing it. */
async function handOver(source: DatabaseAccess, target: DatabaseAccess, signal: AbortSignal): Promise<void> {
  const verifier = await withSession(asAdmin(source.server), { name: NAME, signal }, async (admin) => {
    const { rows } = await admin.query<{ verifier: string | null }>(
      "SELECT rolpassword AS verifier FROM pg_authid WHERE rolname = $1",
      [source.username],
    );
    return rows[0]?.verifier ?? null;
  });
  await withSession(asAdmin(target.server), { name: NAME, signal }, async (admin) => {
    const password = verifier === null ? "NULL" : quoteText(verifier);
    await admin.query(`ALTER ROLE ${quoteName(target.username)} PASSWORD ${password}`);
  });
}

/**
 * Finds the databases that two superusers' URLs name. The copy belongs to the role that owns the source,
 * which is made on the new server with the password it has; a superuser's database to the user of the URL.
 */
export async function openUrls(order: UrlOrder, signal: AbortSignal): Promise<OpenedUrls> {
  const source = await openSource(order, signal);
  const owner = order.owner ?? (source.isSuperuser ? null : source.access.username);
  const target = await openTarget(order, owner, signal);
  const pair = { source: source.access, target: target.access };
  const carriesPassword = target.makesRole && order.ownerPassword === undefined && !source.isSuperuser;
  return {
    pair,
    handOver: async (signal) => {
      if (carriesPassword) await handOver(pair.source, pair.target, signal);
    },
  };
}
