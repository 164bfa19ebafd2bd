import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { whyCannotFetch } from "../scripts/tools/apt-fetch.ts";
import { type FetchedTool, fetchTool, findFetched } from "../scripts/tools/fetched-tool.ts";

const TOOL: FetchedTool = {
  folder: "pgcopydb",
  package: {
    name: "pgcopydb",
    suite: "forky",
    version: "0.18-1",
    major: "0.",
    without: ["postgresql-client-common", "postgresql-client-18", "postgresql-client"],
  },
  programFolder: "usr/bin",
  programs: ["pgcopydb"],
};

/** The program on PATH, in the project's cache or from Debian; or the reason why there is none. */
export async function findPgcopydb(): Promise<{ readonly path: string | null; readonly why: string }> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const installed = folders.map((folder) => join(folder, "pgcopydb")).find((path) => existsSync(path));
  if (installed !== undefined) return { path: installed, why: "" };
  const reason = whyCannotFetch();
  try {
    const folder = findFetched(TOOL) ?? (reason === undefined ? await fetchTool(TOOL) : null);
    return folder === null ? { path: null, why: reason ?? "" } : { path: join(folder, "pgcopydb"), why: "" };
  } catch (error) {
    return { path: null, why: `fetching it did not work: ${(error as Error).message.split("\n")[0]}` };
  }
}
