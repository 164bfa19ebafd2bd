import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { Secret } from "../../core/secret.ts";
import { asApplication } from "./session.ts";

/** Variables through which applications find the database; names as Clever Cloud gives them. */
export function environment(access: DatabaseAccess): Readonly<Record<string, Secret>> {
  const login = asApplication(access);
  const host = login.host.includes(":") ? `[${login.host}]` : login.host;
  const who = `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}`;
  const values = {
    MYSQL_ADDON_HOST: login.host,
    MYSQL_ADDON_PORT: String(login.port),
    MYSQL_ADDON_DB: access.database,
    MYSQL_ADDON_USER: login.user,
    MYSQL_ADDON_PASSWORD: login.password,
    MYSQL_ADDON_URI: `mysql://${who}@${host}:${login.port}/${encodeURIComponent(access.database)}`,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
}
