import { join } from "node:path";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import { runTool, withPrivateFolder } from "../run-tool.ts";
import { asAdmin } from "../session.ts";
import type { PgClient } from "../tools.ts";
import { parseEntries, type SchemaEntry } from "./entries.ts";

/** The schema of a database in two halves: what a copy needs, and what would slow it. */
export interface Schema {
  readonly preData: readonly SchemaEntry[];
  readonly postData: readonly SchemaEntry[];
}

const NAME = "godwit schema";

const DUMP = [
  "--format=custom",
  "--compress=0",
  "--schema-only",
  "--encoding=UTF8",
  "--no-security-labels",
  "--no-tablespaces",
  "--no-password",
];

const RESTORE = ["--file=-", "--verbose", "--no-owner", "--no-tablespaces", "--no-security-labels"];

/** Dumps a database's schema as the administrator. It takes only locks that stand beside a fence. */
export function readSchema(source: DatabaseAccess, client: PgClient, signal: AbortSignal): Promise<Schema> {
  return withPrivateFolder(async (folder) => {
    const file = join(folder, "schema.dump");
    const login = asAdmin(source.server, source.database);
    const dump = { program: client.pgDump, args: [...DUMP, `--file=${file}`] };
    await runTool({ ...dump, signal, folder, login, name: NAME });
    const section = async (name: string): Promise<SchemaEntry[]> => {
      const args = [...RESTORE, `--section=${name}`, file];
      const script = await runTool({ program: client.pgRestore, args, signal, folder, name: NAME });
      return parseEntries(script);
    };
    const [preData, postData] = await Promise.all([section("pre-data"), section("post-data")]);
    return { preData, postData };
  });
}
