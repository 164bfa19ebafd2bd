import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { Secret } from "../../core/secret.ts";
import { asApplication } from "./session.ts";

/** Variables through which applications find the database; names as Clever Cloud gives them. */
export function environment(access: DatabaseAccess): Readonly<Record<string, Secret>> {
  const url = asApplication(access);
  // A file of Godwit's machine says nothing to an application.
  url.searchParams.delete("tlsCAFile");
  const values = {
    MONGODB_ADDON_HOST: url.hostname.replace(/^\[|\]$/g, ""),
    MONGODB_ADDON_PORT: url.port || "27017",
    MONGODB_ADDON_DB: access.database,
    MONGODB_ADDON_USER: access.username,
    MONGODB_ADDON_PASSWORD: access.password.reveal(),
    MONGODB_ADDON_URI: url.href,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
}
