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
  /** What the planner knows of the rows, where the target can take it over; otherwise empty. */
  readonly statistics: readonly SchemaEntry[];
}

/** Which client reads the schema, and for which major version. */
export interface SchemaReader {
  readonly client: PgClient;
  readonly targetMajor: number;
}

const NAME = "godwit schema";

/** Statistics travel from this major on, by functions that only the target needs to have. */
const STATISTICS_SINCE = 18;
const STATISTICS = "STATISTICS DATA";

const DUMP = [
  "--format=custom",
  "--compress=0",
  "--encoding=UTF8",
  "--no-security-labels",
  "--no-tablespaces",
  "--no-password",
];

const RESTORE = ["--file=-", "--verbose", "--no-owner", "--no-tablespaces", "--no-security-labels"];

/** Dumps a database's schema as the administrator. It takes only locks that stand beside a fence. */
export function readSchema(
  source: DatabaseAccess,
  { client, targetMajor }: SchemaReader,
  signal: AbortSignal,
): Promise<Schema> {
  const hasStatistics = Math.min(client.major, targetMajor) >= STATISTICS_SINCE;
  return withPrivateFolder(async (folder) => {
    const file = join(folder, "schema.dump");
    const login = asAdmin(source.server, source.database);
    const what = hasStatistics ? ["--no-data", "--statistics"] : ["--schema-only"];
    const dump = { program: client.pgDump, args: [...DUMP, ...what, `--file=${file}`] };
    await runTool({ ...dump, signal, folder, login, name: NAME });
    const section = async (name: string): Promise<SchemaEntry[]> => {
      const args = [...RESTORE, `--section=${name}`, file];
      const script = await runTool({ program: client.pgRestore, args, signal, folder, name: NAME });
      return parseEntries(script);
    };
    const [preData, data, postData] = await Promise.all([
      section("pre-data"),
      hasStatistics ? section("data") : [],
      section("post-data"),
    ]);
    const isStatistics = ({ type }: SchemaEntry): boolean => type === STATISTICS;
    return {
      preData,
      postData: postData.filter((entry) => !isStatistics(entry)),
      statistics: [...data, ...postData].filter(isStatistics),
    };
  });
}
