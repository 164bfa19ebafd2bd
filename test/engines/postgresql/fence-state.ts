import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { JsonObject } from "../../../src/core/step.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Everything that a fence may change, byte for byte as the catalogs hold it. */
export async function readFenceState(database: DatabaseAccess): Promise<Record<string, unknown>> {
  const rows = await querySql<Record<string, unknown>>(
    adminUrl(database),
    `SELECT (SELECT json_agg(json_build_array(setdatabase, setrole, setconfig::text) ORDER BY setdatabase, setrole) FROM pg_db_role_setting
         WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS settings,
       (SELECT json_agg(json_build_array(oid, relacl::text, relowner) ORDER BY oid) FROM pg_class WHERE oid >= 16384) AS relations,
       (SELECT json_agg(json_build_array(attrelid, attnum, attacl::text) ORDER BY attrelid, attnum) FROM pg_attribute WHERE attacl IS NOT NULL) AS columns,
       (SELECT json_agg(json_build_array(oid, nspacl::text) ORDER BY oid) FROM pg_namespace) AS schemas,
       (SELECT json_agg(json_build_array(oid, proacl::text) ORDER BY oid) FROM pg_proc WHERE oid >= 16384) AS functions,
       (SELECT json_agg(defaclacl::text ORDER BY oid) FROM pg_default_acl) AS defaults,
       (SELECT datacl::text FROM pg_database WHERE datname = current_database()) AS database`,
  );
  return rows[0] ?? {};
}

/** Another user of the database, who owns nothing and may write. */
export async function aGuest(owned: DatabaseAccess): Promise<DatabaseAccess> {
  const username = `guest_${owned.database.slice(-8)}`;
  const guest = { ...owned, username, password: new Secret("guest") };
  await querySql(
    adminUrl(owned),
    `CREATE ROLE ${username} LOGIN PASSWORD 'guest'; GRANT ALL ON DATABASE ${quoted(owned.database)} TO ${username};
     GRANT ALL ON SCHEMA public TO ${username}; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${username} WITH GRANT OPTION;
     GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${username}`,
  );
  return guest;
}

/** Takes a guest away, with what it was granted. */
export async function dropGuest({ username, ...guest }: DatabaseAccess): Promise<void> {
  await querySql(adminUrl(guest), `DROP OWNED BY ${username}; DROP ROLE ${username}`);
}

/** Fences in a process of its own, which the test may kill. */
export async function fenceElsewhere(
  { server, database, username, password }: DatabaseAccess,
  { undo, holder }: { readonly undo: JsonObject; readonly holder: string },
): Promise<ChildProcess> {
  const access = { adminUrl: server.adminUrl.reveal(), database, username, password: password.reveal() };
  const child = spawn(
    process.execPath,
    ["--import", "tsx", fileURLToPath(new URL("fence-holder.ts", import.meta.url))],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, FENCE_SUBJECT: JSON.stringify({ ...access, undo, holder }) },
    },
  );
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the holder ended with ${String(code)}`);
  });
  await Promise.race([once(child.stdout, "data"), ended]);
  ended.catch(() => undefined);
  return child;
}
