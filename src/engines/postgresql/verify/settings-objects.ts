import type pg from "pg";
import type { FenceLevel } from "../fence/plan-fence.ts";
import { splitSetting } from "../settings.ts";
import type { CatalogObject } from "./catalog-objects.ts";

interface Row {
  readonly level: "database" | "owner";
  readonly entry: string;
}

/** Never carried over, since a fence uses it: read-only databases are made read-only again by hand. */
const LEFT_OUT = "default_transaction_read_only";

/** The owner's own settings first, so that those in the database win. */
const QUERY = `SELECT CASE WHEN s.setrole = 0 THEN 'database' ELSE 'owner' END AS level, entry
  FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
  CROSS JOIN unnest(s.setconfig) AS entry
  WHERE (d.datname = $1 AND (s.setrole = 0 OR r.rolname = $2)) OR (s.setdatabase = 0 AND r.rolname = $2)
  ORDER BY s.setdatabase <> 0`;

type Settings = Map<string, string>;

function restoreFenced(settings: Settings, owner: string, before: readonly FenceLevel[]): void {
  for (const { role, previous } of before) {
    if (role !== null && role !== owner) continue;
    for (const [name, value] of Object.entries(previous)) {
      const key = `${role === null ? "database" : "owner"} ${name}`;
      if (value === null) settings.delete(key);
      else settings.set(key, value);
    }
  }
}

/** Settings of a database and of its owner in it, those that a fence has replaced as they were. */
export async function readSettingObjects(
  client: pg.Client,
  { database, owner }: { readonly database: string; readonly owner: string },
  before: readonly FenceLevel[],
): Promise<CatalogObject[]> {
  const { rows } = await client.query<Row>(QUERY, [database, owner]);
  const settings: Settings = new Map();
  for (const { level, entry } of rows) {
    const { name, value } = splitSetting(entry);
    settings.set(`${level} ${name}`, value);
  }
  restoreFenced(settings, owner, before);
  return [...settings]
    .filter(([key]) => !key.endsWith(` ${LEFT_OUT}`) && !/^\w+ godwit\./.test(key))
    .map(([name, exact]) => ({ kind: "setting", name, exact, printed: "" }));
}

/** Settings that a server's version does not have, of those with these names. */
export async function unknownSettings(
  client: pg.Client,
  settings: readonly CatalogObject[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>("SELECT lower(name) AS name FROM pg_settings");
  const known = new Set(rows.map(({ name }) => name));
  const nameOf = (key: string): string => key.slice(key.indexOf(" ") + 1).toLowerCase();
  const unknown = settings.filter(({ name }) => !nameOf(name).includes(".") && !known.has(nameOf(name)));
  return new Set(unknown.map(({ name }) => name));
}
