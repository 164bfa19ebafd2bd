import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";

/** URL of a database as its application opens it. */
export function appUrl({ server, database, username, password }: DatabaseAccess): string {
  const url = new URL(server.adminUrl.reveal());
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password.reveal());
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** URL of a database as the administrator opens it. */
export function adminUrl({ server, database }: Pick<DatabaseAccess, "server" | "database">): string {
  const url = new URL(server.adminUrl.reveal());
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
