import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { Secret } from "../../core/secret.ts";
import { asOwner } from "./session.ts";

/** Variables through which applications find the database; names as Clever Cloud gives them. */
export function environment(access: DatabaseAccess): Readonly<Record<string, Secret>> {
  const login = asOwner(access);
  const host = login.host.includes(":") ? `[${login.host}]` : login.host;
  const who = `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}`;
  const ssl = login.sslmode === null ? "" : `?sslmode=${encodeURIComponent(login.sslmode)}`;
  const uri = `postgresql://${who}@${host}:${login.port}/${encodeURIComponent(login.database)}${ssl}`;
  const values = {
    POSTGRESQL_ADDON_HOST: login.host,
    POSTGRESQL_ADDON_PORT: String(login.port),
    POSTGRESQL_ADDON_DB: login.database,
    POSTGRESQL_ADDON_USER: login.user,
    POSTGRESQL_ADDON_PASSWORD: login.password,
    POSTGRESQL_ADDON_URI: uri,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
}
