import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { whyCannotFetch } from "./apt-fetch.ts";
import { type FetchedTool, fetchTool, findFetched } from "./fetched-tool.ts";
import { runCommand } from "./run-command.ts";
import { ToolMissing } from "./tool-missing.ts";

/** BullMQ's oldest Redis is 6.2; Godwit's own demand is 7. */
const OLDEST_MAJOR = 7;

const REDIS: FetchedTool = {
  folder: "redis",
  package: {
    name: "redis-server",
    suite: "trixie",
    version: "5:8.0.2-3+deb13u2",
    major: "5:8.",
    without: ["adduser", "init-system-helpers", "lsb-base", "sysvinit-utils"],
  },
  programFolder: "usr/bin",
  programs: ["redis-server"],
};

/**
 * Finds a redis-server or valkey-server on PATH, then in the project's cache, and fetches one from Debian
 * if there is none. Returns the program's path.
 *
 * @throws ToolMissing with one sentence that says how to get it.
 */
export async function ensureRedis(): Promise<string> {
  const installed = await findInstalled();
  if (installed !== undefined) return installed;
  return join(findFetched(REDIS) ?? (await fetchRedis()), "redis-server");
}

async function fetchRedis(): Promise<string> {
  const reason = whyCannotFetch();
  if (reason !== undefined) throw missing(reason);
  try {
    return await fetchTool(REDIS);
  } catch (cause) {
    throw missing(`fetching it did not work (${(cause as Error).message})`, cause);
  }
}

async function findInstalled(): Promise<string | undefined> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/opt/homebrew/bin", "/usr/local/bin"];
  const names = ["redis-server", "valkey-server"];
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (existsSync(path) && (await readMajor(path)) >= OLDEST_MAJOR) return path;
  }
  return undefined;
}

async function readMajor(path: string): Promise<number> {
  const text = await runCommand(path, "--version").catch(() => "");
  return Number(/ v=(\d+)/.exec(text)?.[1] ?? 0);
}

function missing(reason: string, cause?: unknown): ToolMissing {
  const how =
    process.platform === "darwin" ? 'run "brew install redis"' : "install redis-server or valkey-server";
  const where = "or set TEST_REDIS_URL to a Redis for tests that already runs";
  return new ToolMissing(
    `Godwit's tests need Redis ${OLDEST_MAJOR} or newer, and ${reason}: ${how}, ${where}.`,
    cause,
  );
}
