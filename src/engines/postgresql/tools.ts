import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { GodwitError } from "../../core/failure.ts";

const run = promisify(execFile);
const NEWEST_MAJOR = 19;

/** Where to look for PostgreSQL's client programs. */
export interface ToolsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** pg_dump and pg_restore of one installation. */
export interface PgClient {
  readonly major: number;
  readonly pgDump: string;
  readonly pgRestore: string;
}

const packageRoot = resolve(import.meta.dirname, "../../..");

function majorsFrom(lowest: number): number[] {
  return Array.from({ length: Math.max(NEWEST_MAJOR - lowest + 1, 1) }, (_, index) => lowest + index);
}

/**
 * Folders in the order in which they are tried: `GODWIT_PG_BIN`; `.cache/pg-client/<major>/bin` under the
 * working directory and under the package; where Debian, Red Hat and Homebrew install; `PATH`. The
 * target's own major comes first in each.
 */
function candidates(lowest: number, { env, cwd }: ToolsOptions): string[] {
  const perMajor = majorsFrom(lowest).flatMap((major) => [
    join(cwd, ".cache/pg-client", String(major), "bin"),
    join(packageRoot, ".cache/pg-client", String(major), "bin"),
    join(packageRoot, "../.cache/pg-client", String(major), "bin"),
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
  ]);
  const chosen = env["GODWIT_PG_BIN"];
  const path = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...(chosen === undefined || chosen === "" ? [] : [chosen]), ...perMajor, ...path];
}

async function probe(folder: string): Promise<PgClient | null> {
  const client = { pgDump: join(folder, "pg_dump"), pgRestore: join(folder, "pg_restore") };
  try {
    await Promise.all(Object.values(client).map((file) => access(file, constants.X_OK)));
    const env = { PATH: process.env["PATH"], LC_ALL: "C" }; // Not Godwit's own, which holds tokens and keys.
    const { stdout } = await run(client.pgDump, ["--version"], { timeout: 10_000, env });
    const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
    return Number.isInteger(major) ? { ...client, major } : null;
  } catch {
    return null;
  }
}

function missing(lowest: number): GodwitError {
  return new GodwitError({
    code: "pg-client-missing",
    summary: `No pg_dump and pg_restore of PostgreSQL ${lowest} or newer were found on Godwit's machine.`,
    remedy:
      `Run \`npm run tools\` (Debian), or install PostgreSQL's client package of version ${lowest} ` +
      "or newer, or name its folder in GODWIT_PG_BIN.",
  });
}

/** Finds client programs of this major version or a newer one. Throws `pg-client-missing`. */
export type FindPgClient = (lowestMajor: number) => Promise<PgClient>;

/** Makes a finder of client programs that remembers what it found. */
export function createPgClientFinder(options: ToolsOptions): FindPgClient {
  const probed = new Map<string, Promise<PgClient | null>>();
  const found = new Map<number, PgClient>();
  return async (lowest) => {
    const known = found.get(lowest);
    if (known !== undefined) return known;
    for (const folder of candidates(lowest, options)) {
      const probing = probed.get(folder) ?? probe(folder);
      probed.set(folder, probing);
      const client = await probing;
      if (client === null) probed.delete(folder);
      else if (client.major >= lowest) return found.set(lowest, client) && client;
    }
    throw missing(lowest);
  };
}
