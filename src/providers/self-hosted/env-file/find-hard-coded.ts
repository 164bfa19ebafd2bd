/** What an application could have written down about a database besides the add-on's own variables. */
export interface Whereabouts {
  readonly host: string;
  readonly port: string;
  readonly database: string;
}

/** Variable names that speak of a database, such as `PGHOST`, `DB_NAME`, `REPORTS_DATABASE`. */
const DATABASE_NAME = /(^|_)(DB|DATABASE|PG|POSTGRES|SQL|MYSQL|MARIADB|REDIS|MONGO)/i;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i;

/** Names of the variables that hold the database's host or name and that Godwit will not rewrite. */
export function findHardCoded(
  variables: ReadonlyMap<string, string>,
  own: ReadonlySet<string>,
  old: Whereabouts,
): string[] {
  return [...variables]
    .filter(
      ([name, value]) => !own.has(name) && (holdsHost(name, value, old) || holdsDatabase(name, value, old)),
    )
    .map(([name]) => name);
}

/** A host by itself counts, unless another port follows it; loopback counts only with the port, since all share it. */
function holdsHost(name: string, value: string, { host, port }: Whereabouts): boolean {
  if (host === "") return false;
  if (value === host && DATABASE_NAME.test(name)) return true;
  const ports = LOOPBACK.test(host) ? `:${port}` : `(:${port}|(?!:\\d))`;
  return new RegExp(`(?<![\\w.-])${escape(host)}${ports}(?!\\.?[\\w-])`, "i").test(value);
}

/** The name counts as the path of a database URL, or alone in a variable that speaks of a database. */
function holdsDatabase(name: string, value: string, { database }: Whereabouts): boolean {
  if (value === database) return DATABASE_NAME.test(name);
  if (!URL.canParse(value) || /^https?:/i.test(value)) return false;
  return new URL(value).pathname === `/${encodeURIComponent(database)}`;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
}
