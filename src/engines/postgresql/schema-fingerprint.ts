import { createHash } from "node:crypto";
import type { DatabaseAccess } from "../../core/ports/engine.ts";
import { asAdmin, withSession } from "./session.ts";
import { readCatalog } from "./verify/catalog-objects.ts";

/** Hash of all definitions of a database; the same as long as nobody changes its schema. */
export function schemaFingerprint(source: DatabaseAccess, signal: AbortSignal): Promise<string> {
  const login = asAdmin(source.server, source.database);
  return withSession(login, { name: "godwit look", signal }, async (client) => {
    const names = { owner: source.username, shownAs: source.username, knownRoles: [] };
    const objects = await readCatalog(client, names);
    const lines = objects.map((object) => JSON.stringify(Object.values(object))).sort();
    return createHash("sha256").update(lines.join("\n")).digest("hex");
  });
}
