import type pg from "pg";
import { quoteName, quoteText } from "./sql.ts";

/** How a database stores and sorts text. */
export interface DatabaseLocale {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly provider: "libc" | "icu" | "builtin";
  readonly locale: string | null;
  readonly icuRules: string | null;
}

/** Reads how a database stores and sorts text; the columns' names changed with versions 15, 16 and 17. */
export async function readLocale(client: pg.Client, database: string): Promise<DatabaseLocale> {
  const { rows } = await client.query<{ locale: DatabaseLocale }>(
    `SELECT json_build_object(
       'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
       'provider', CASE row->>'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
       'locale', coalesce(row->>'datlocale', row->>'daticulocale'), 'icuRules', row->>'daticurules') AS locale
     FROM (SELECT *, to_jsonb(d) AS row FROM pg_database d WHERE datname = $1) d`,
    [database],
  );
  const locale = rows[0]?.locale;
  if (locale === undefined) throw Object.assign(new Error("database does not exist"), { code: "3D000" });
  return locale;
}

function localeClauses(locale: DatabaseLocale): string {
  const base = `ENCODING ${quoteText(locale.encoding)} LC_COLLATE ${quoteText(locale.collate)} LC_CTYPE ${quoteText(locale.ctype)}`;
  const name = quoteText(locale.locale ?? "");
  if (locale.provider === "builtin") return `${base} LOCALE_PROVIDER builtin BUILTIN_LOCALE ${name}`;
  if (locale.provider === "libc") return base;
  const rules = locale.icuRules === null ? "" : ` ICU_RULES ${quoteText(locale.icuRules)}`;
  return `${base} LOCALE_PROVIDER icu ICU_LOCALE ${name}${rules}`;
}

/** What a new database is made of. */
export interface NewDatabase {
  readonly database: string;
  readonly owner: string;
  readonly connections: number;
  readonly locale: DatabaseLocale;
}

/** Creates a database that only its owner and the administrator may enter. */
export async function createDatabase(admin: pg.Client, wanted: NewDatabase): Promise<void> {
  const name = quoteName(wanted.database);
  await admin.query(
    `CREATE DATABASE ${name} OWNER ${quoteName(wanted.owner)} TEMPLATE template0
     ${localeClauses(wanted.locale)} CONNECTION LIMIT ${wanted.connections}`,
  );
  await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
}
