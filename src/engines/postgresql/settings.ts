import type pg from "pg";
import type { Log } from "../../core/ports/log.ts";
import { describeError } from "./errors.ts";
import { FENCE_MARK, FENCE_SETTINGS } from "./fence/fence-settings.ts";
import { quoteName, quoteText } from "./sql.ts";

/** One setting that a database or a role in it carries. */
export interface CarriedSetting {
  /** `database`: for everyone; `role`: for the owner in that database. */
  readonly level: "database" | "role";
  readonly name: string;
  readonly value: string;
}

/** Settings whose value is a list of quoted names. Source: pg_dump, `variable_is_guc_list_quote`. */
const LISTS = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/** A stored list such as `app, "Über"` as literals: `'app', 'Über'`. */
function listLiterals(value: string): string {
  const parts = value.match(/"(?:[^"]|"")*"|[^,\s"]+/g) ?? [];
  const names = parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
  return names.length === 0 ? "''" : names.map(quoteText).join(", ");
}

/** Value of a setting as it stands after `SET name =`. */
export function settingLiteral(name: string, value: string): string {
  return LISTS.has(name) ? listLiterals(value) : quoteText(value);
}

/** Name of a setting, which may have a prefix: `app.tenant`. */
export function settingName(name: string): string {
  return name.split(".").map(quoteName).join(".");
}

/** Splits `name=value` as pg_db_role_setting stores it. */
export function splitSetting(entry: string): { readonly name: string; readonly value: string } {
  const at = entry.indexOf("=");
  return { name: entry.slice(0, at), value: entry.slice(at + 1) };
}

function isOfFence({ name, value }: { readonly name: string; readonly value: string }): boolean {
  return name === FENCE_MARK || name === "default_transaction_read_only" || FENCE_SETTINGS[name] === value;
}

/** Settings of a database and of its owner that the target must get too; never those of a fence. */
export async function readCarriedSettings(
  admin: pg.Client,
  database: string,
  owner: string,
): Promise<CarriedSetting[]> {
  const { rows } = await admin.query<{ level: "database" | "role"; entry: string }>(
    `SELECT CASE WHEN s.setrole = 0 THEN 'database' ELSE 'role' END AS level, entry
     FROM pg_db_role_setting s
     LEFT JOIN pg_roles r ON r.oid = s.setrole
     LEFT JOIN pg_database d ON d.oid = s.setdatabase
     CROSS JOIN unnest(s.setconfig) AS entry
     WHERE (d.datname = $1 AND (s.setrole = 0 OR r.rolname = $2))
        OR (s.setdatabase = 0 AND r.rolname = $2)
     ORDER BY s.setdatabase = 0 DESC, s.setrole = 0 DESC`,
    [database, owner],
  );
  return rows.map(({ level, entry }) => ({ level, ...splitSetting(entry) })).filter((s) => !isOfFence(s));
}

/** Gives the settings to a database and its owner; one that the server refuses is logged and left out. */
export async function applyCarriedSettings(
  admin: pg.Client,
  target: { readonly database: string; readonly username: string; readonly log: Log },
  settings: readonly CarriedSetting[],
): Promise<void> {
  const database = quoteName(target.database);
  const role = `ROLE ${quoteName(target.username)} IN DATABASE ${database}`;
  for (const { level, name, value } of settings) {
    const whom = level === "database" ? `DATABASE ${database}` : role;
    try {
      await admin.query(`ALTER ${whom} SET ${settingName(name)} = ${settingLiteral(name, value)}`);
    } catch (error) {
      target.log.warn({ setting: name, reason: describeError(error) }, "setting not carried over");
    }
  }
}
