import { randomBytes } from "node:crypto";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, OpenedUrls, ServerAccess, UrlOrder } from "../../core/ports/engine.ts";
import { Secret } from "../../core/secret.ts";
import { requireDatabase } from "./inspect.ts";
import { asAdmin, withAdmin } from "./session.ts";

function refusal(code: string, summary: string, remedy: string): GodwitError {
  return new GodwitError({ code, summary, remedy });
}

/** Server and database of a URL such as `mysql://root:secret@host:3306/orders`. */
function parseUrl(url: Secret, option: string): { readonly server: ServerAccess; readonly database: string } {
  const remedy = `Give ${option} a URL like mysql://admin:password@host:3306/database.`;
  const parsed = URL.canParse(url.reveal()) ? new URL(url.reveal()) : null;
  if (parsed === null || !["mysql:", "mariadb:"].includes(parsed.protocol))
    throw refusal("bad-url", `${option} is no URL of a MySQL or MariaDB database.`, remedy);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (database === "" || parsed.username === "")
    throw refusal("bad-url", `The URL of ${option} names no database or no user.`, remedy);
  return { server: { id: parsed.host, adminUrl: url }, database };
}

/** Refuses a database that is there already, unless an earlier run of the same copy has made it. */
async function refuseUsed(access: DatabaseAccess, signal: AbortSignal): Promise<void> {
  const { database, server } = access;
  await withAdmin(server, signal, async (admin) => {
    const rows = await admin.rows("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? LIMIT 1", [
      database,
    ]);
    const routines = await admin.rows(
      "SELECT 1 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? LIMIT 1",
      [database],
    );
    if (rows.length + routines.length === 0) return;
    const remedy = "Name a database that does not exist yet: Godwit makes it.";
    throw refusal("target-not-empty", `The database ${database} is not empty.`, remedy);
  });
}

async function refuseKnownOwner(server: ServerAccess, owner: string, signal: AbortSignal): Promise<void> {
  const known = await withAdmin(server, signal, (admin) =>
    admin.rows("SELECT 1 FROM mysql.user WHERE User = ?", [owner]),
  );
  if (known.length === 0) return;
  throw refusal(
    "owner-exists",
    `The new server already has a user ${owner}, whose password Godwit does not know.`,
    "Give its password in GODWIT_OWNER_PASSWORD, or name another user with --owner.",
  );
}

/**
 * Finds the databases that two administrators' URLs name. A database of this kind has no owner, so the copy is used
 * as the URL's user unless another one is named, who is made with the given password.
 */
export async function openUrls(order: UrlOrder, signal: AbortSignal): Promise<OpenedUrls> {
  const from = parseUrl(order.from, "--from");
  const to = parseUrl(order.to, "--to");
  const [fromLogin, toLogin] = [asAdmin(from.server), asAdmin(to.server)];
  const source = { ...from, username: fromLogin.user, password: new Secret(fromLogin.password) };
  await withAdmin(from.server, signal, (admin) => requireDatabase(admin, from.database));
  const isAdmin = order.owner === undefined || order.owner === toLogin.user;
  const made = order.ownerPassword ?? new Secret(randomBytes(24).toString("base64url"));
  const target = {
    ...to,
    username: isAdmin ? toLogin.user : (order.owner ?? toLogin.user),
    password: isAdmin ? new Secret(toLogin.password) : made,
  };
  if (!order.goesOn) {
    await refuseUsed(target, signal);
    if (!isAdmin && order.ownerPassword === undefined)
      await refuseKnownOwner(to.server, target.username, signal);
  }
  return { pair: { source, target }, handOver: async () => undefined };
}
