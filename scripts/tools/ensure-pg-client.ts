import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { whyCannotFetch } from "./apt-fetch.ts";
import { type FetchedTool, fetchTool, findFetched } from "./fetched-tool.ts";
import { runCommand } from "./run-command.ts";
import { ToolMissing } from "./tool-missing.ts";

const PROGRAMS = ["pg_dump", "pg_restore", "psql"];

/** The version of Debian's package that was tested, for each major that can be fetched. */
const FETCHABLE = new Map<number, FetchedTool>([[18, pgClient(18, { version: "18.6-3", suite: "forky" })]]);

/**
 * Finds a folder with pg_dump, pg_restore and psql of the wanted major or newer, and fetches them if there
 * is none: GODWIT_PG_BIN, then PATH and the usual folders, then the project's cache, then Debian.
 *
 * @throws ToolMissing with one sentence that says how to get them.
 */
export async function ensurePgClient(major: number): Promise<string> {
  const named = process.env["GODWIT_PG_BIN"];
  if (named !== undefined && named !== "") return checkNamed(named, major);
  for (const folder of usualFolders(major)) {
    if ((await readMajor(folder)) >= major) return folder;
  }
  const tool = FETCHABLE.get(major);
  return (tool && findFetched(tool)) ?? fetchPgClient(tool, major);
}

async function fetchPgClient(tool: FetchedTool | undefined, major: number): Promise<string> {
  const reason = tool ? whyCannotFetch() : "it is not among the versions that can be fetched";
  if (tool === undefined || reason !== undefined) throw missing(major, reason);
  try {
    return await fetchTool(tool);
  } catch (cause) {
    throw missing(major, `fetching them did not work (${(cause as Error).message})`, cause);
  }
}

async function checkNamed(folder: string, major: number): Promise<string> {
  if ((await readMajor(folder)) >= major) return folder;
  throw missing(
    major,
    `GODWIT_PG_BIN names ${folder}, which has no pg_dump, pg_restore and psql of that version`,
  );
}

/** The major version of the client tools in a folder; 0 if one of them is missing. */
async function readMajor(folder: string): Promise<number> {
  if (!PROGRAMS.every((program) => existsSync(join(folder, program)))) return 0;
  const text = await runCommand(join(folder, "pg_dump"), "--version").catch(() => "");
  return Number(/\(PostgreSQL\) (\d+)/.exec(text)?.[1] ?? 0);
}

function usualFolders(major: number): string[] {
  return [
    ...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""),
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
    "/opt/homebrew/opt/libpq/bin",
    "/usr/local/opt/libpq/bin",
    `/Applications/Postgres.app/Contents/Versions/${major}/bin`,
  ];
}

function missing(major: number, reason = "", cause?: unknown): ToolMissing {
  const how =
    process.platform === "darwin"
      ? `run "brew install postgresql@${major}"`
      : `install PostgreSQL's client tools (the package postgresql-client-${major} or postgresql${major} of postgresql.org)`;
  const where = `or set GODWIT_PG_BIN to a folder that holds ${PROGRAMS.join(", ")}`;
  return new ToolMissing(`Godwit needs pg_dump ${major} or newer, and ${reason}: ${how}, ${where}.`, cause);
}

function pgClient(major: number, { version, suite }: { version: string; suite: string }): FetchedTool {
  const name = `postgresql-client-${major}`;
  return {
    folder: `pg-client/${major}`,
    package: { name, suite, version, major: `${major}.`, without: ["postgresql-client-common"] },
    programFolder: `usr/lib/postgresql/${major}/bin`,
    programs: PROGRAMS,
  };
}
