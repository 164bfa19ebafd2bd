import { existsSync } from "node:fs";
import { join } from "node:path";
import { whyCannotFetch } from "./apt-fetch.ts";
import { type FetchedTool, fetchTool, findFetched } from "./fetched-tool.ts";
import { ToolMissing } from "./tool-missing.ts";

/** The servers that the engine for Redis and Valkey is tested on, each of its own version. */
export type RedisVersion = "redis-7" | "redis-8" | "valkey-8" | "valkey-9";

const SCRIPTS = ["adduser", "init-system-helpers", "lsb-base", "sysvinit-utils"];

const FETCHABLE: Readonly<Record<RedisVersion, FetchedTool>> = {
  "redis-7": server("redis", { suite: "bookworm", version: "5:7.0.15-1~deb12u7", major: "5:7.0" }),
  "redis-8": server("redis", { suite: "forky", version: "5:8.0.6-3", major: "5:8." }),
  "valkey-8": server("valkey", { suite: "trixie", version: "8.1.1+dfsg1-3+deb13u3", major: "8." }),
  "valkey-9": server("valkey", { suite: "forky", version: "9.1.2-1", major: "9." }),
};

/**
 * The program of a server of exactly this version: GODWIT_REDIS_BIN (a folder such as `redis-7/redis-server` stands
 * in), then the project's cache, then Debian.
 *
 * @throws ToolMissing with one sentence that says how to get it.
 */
export async function ensureRedisVersion(wanted: RedisVersion): Promise<string> {
  const tool = FETCHABLE[wanted];
  const [program = ""] = tool.programs;
  const named = process.env["GODWIT_REDIS_BIN"];
  if (named !== undefined && named !== "") {
    const path = join(named, wanted, program);
    if (existsSync(path)) return path;
    throw missing(wanted, `GODWIT_REDIS_BIN names ${named}, which holds no ${wanted}/${program}`);
  }
  return join(findFetched(tool) ?? (await fetchVersion(wanted, tool)), program);
}

/** Whether servers of these versions are there already, so that nothing has to be fetched. */
export function areFetched(versions: readonly RedisVersion[]): boolean {
  return versions.every((version) => findFetched(FETCHABLE[version]) !== undefined);
}

async function fetchVersion(wanted: RedisVersion, tool: FetchedTool): Promise<string> {
  const reason = whyCannotFetch();
  if (reason !== undefined) throw missing(wanted, reason);
  try {
    return await fetchTool(tool);
  } catch (cause) {
    throw missing(wanted, `fetching it did not work (${(cause as Error).message})`, cause);
  }
}

function missing(wanted: RedisVersion, reason: string, cause?: unknown): ToolMissing {
  const program = `${wanted.split("-")[0]}-server`;
  return new ToolMissing(
    `The tests of the Redis engine need ${wanted.replace("-", " ")}, and ${reason}: put its ${program} into ${wanted}/${program} of a folder, and set GODWIT_REDIS_BIN to that folder.`,
    cause,
  );
}

function server(
  product: "redis" | "valkey",
  { suite, version, major }: { suite: string; version: string; major: string },
): FetchedTool {
  const wanted = /\d+/.exec(version.replace(/^\d+:/, ""))?.[0] ?? "";
  return {
    folder: `${product}-server/${wanted}`,
    package: { name: `${product}-server`, suite, version, major, without: SCRIPTS },
    programFolder: "usr/bin",
    programs: [`${product}-server`, `${product}-cli`],
  };
}
