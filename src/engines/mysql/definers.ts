import type { DatabasePair } from "../../core/ports/engine.ts";
import { readAboveRights } from "./rights.ts";
import { asAdmin, type Session } from "./session.ts";
import { type Account, quoteAccount } from "./sql.ts";

/** `app@%` as catalogs write it; the host has no `@`. */
export function parseDefiner(definer: string): Account {
  const at = definer.lastIndexOf("@");
  if (at === -1 || at === definer.length - 1)
    return { user: at === -1 ? definer : definer.slice(0, at), host: null };
  return { user: definer.slice(0, at), host: definer.slice(at + 1) };
}

/** A catalog's definer for use in a statement. */
export function quoteDefiner(definer: string): string {
  return quoteAccount(parseDefiner(definer));
}

/** Account that the application uses on a server: the administrator's own where there is no other. */
export async function applicationAccount(
  admin: Session,
  { server, username }: DatabasePair["target"],
): Promise<Account> {
  if (username !== asAdmin(server).user) return { user: username, host: "%" };
  const [row] = await admin.rows<{ account: string }>("SELECT CURRENT_USER() AS account");
  return parseDefiner(row?.account ?? `${username}@%`);
}

/** Whom what ran as somebody on the source runs as on the target. */
export type DefinerMap = (definer: string) => Account;

/** Accounts of the target that may run what is copied: not those that may do everything everywhere. */
async function readLendable(target: Session): Promise<Set<string>> {
  const above = new Set((await readAboveRights(target)).map(quoteAccount));
  const rows = await target.rows<{ user: string; host: string }>(
    "SELECT User AS user, Host AS host FROM mysql.user",
  );
  const accounts = rows.map(({ user, host }): Account => ({ user, host: host === "" ? null : host }));
  return new Set(accounts.map(quoteAccount).filter((account) => !above.has(account)));
}

/**
 * What belonged to the application belongs to its successor; what belonged to somebody whom the target knows too, and
 * who is not above all rights there, to the same; everything else to the application's successor.
 */
export async function readDefinerMap(target: Session, pair: DatabasePair): Promise<DefinerMap> {
  const successor = await applicationAccount(target, pair.target);
  const lendable = await readLendable(target);
  return (definer) => {
    const account = parseDefiner(definer);
    const isApplication = account.user === pair.source.username;
    return !isApplication && lendable.has(quoteAccount(account)) ? account : successor;
  };
}
