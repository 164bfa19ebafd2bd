import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { Secret } from "../../core/secret.ts";
import { asApplication } from "./session.ts";

/**
 * Variables through which applications find the server; names as Clever Cloud gives them, and the user's where it is
 * not the one that needs no name. A database that is a number is the one that the URL selects.
 */
export function environment(access: DatabaseAccess): Readonly<Record<string, Secret>> {
  const { host, port, username, password, isTls } = asApplication(access);
  const user = username === "default" ? "" : username;
  const who = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const shownHost = host.includes(":") ? `[${host}]` : host;
  const path = /^\d+$/.test(access.database) ? `/${access.database}` : "";
  const values = {
    REDIS_HOST: host,
    REDIS_PORT: String(port),
    ...(user === "" ? {} : { REDIS_USER: user }),
    REDIS_PASSWORD: password,
    REDIS_URL: `${isTls ? "rediss" : "redis"}://${who}@${shownHost}:${port}${path}`,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
}
