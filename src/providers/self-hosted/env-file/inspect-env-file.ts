import { constants } from "node:fs";
import { access, lstat, readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** What stands against rewriting an env file. */
export interface EnvFileProblem {
  readonly check:
    | "env-file-missing"
    | "env-file-link"
    | "env-file-not-a-file"
    | "env-file-read-only"
    | "env-file-owner"
    | "env-file-mounted";
  /** Says it after the file's name: `does not exist`. */
  readonly what: string;
  readonly remedy: string;
}

/** An env file that can be rewritten. */
export interface EnvFile {
  /** The file itself, links followed. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Looks whether an env file can be rewritten by a new file that takes its place. A link is followed
 * only within its own folder: past it Godwit would change a file that godwit.yaml does not name.
 */
export async function inspectEnvFile(path: string): Promise<EnvFile | EnvFileProblem> {
  const link = await lstat(path).catch(ignoreMissing);
  if (link === undefined) return MISSING;
  const real = await realpath(path).catch(ignoreMissing);
  if (real === undefined) return MISSING;
  if (link.isSymbolicLink() && dirname(real) !== (await realpath(dirname(path)))) return LINK;
  const facts = await stat(real);
  if (!facts.isFile()) return NOT_A_FILE;
  const { mode, uid, gid } = facts;
  return (await findObstacle(real, { mode, uid })) ?? { path: real, mode: mode & 0o7777, uid, gid };
}

async function findObstacle(
  path: string,
  { mode, uid }: { mode: number; uid: number },
): Promise<EnvFileProblem | undefined> {
  const me = process.getuid?.() ?? uid;
  if (me !== 0 && me !== uid) return OTHER_OWNER;
  if ((mode & 0o222) === 0 || !(await canWrite(path)) || !(await canWrite(dirname(path)))) return READ_ONLY;
  return (await isMounted(path)) ? MOUNTED : undefined;
}

async function canWrite(path: string): Promise<boolean> {
  return await access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** A file that is a mount of its own cannot be replaced (rename gives EBUSY). Field 5 is the mount point: proc(5). */
async function isMounted(path: string): Promise<boolean> {
  const mounts = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  return mounts.split("\n").some((line) => line.split(" ")[4] === path);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}

const MISSING: EnvFileProblem = {
  check: "env-file-missing",
  what: "does not exist",
  remedy: "Create the file, or correct its path in godwit.yaml.",
};

const LINK: EnvFileProblem = {
  check: "env-file-link",
  what: "is a link to another folder",
  remedy: "Write the path of the file itself into godwit.yaml.",
};

const NOT_A_FILE: EnvFileProblem = {
  check: "env-file-not-a-file",
  what: "is not a file",
  remedy: "Write the path of the application's env file into godwit.yaml.",
};

const READ_ONLY: EnvFileProblem = {
  check: "env-file-read-only",
  what: "or its folder is read-only for Godwit",
  remedy: "Let Godwit's user write to the file and its folder.",
};

const OTHER_OWNER: EnvFileProblem = {
  check: "env-file-owner",
  what: "belongs to another user",
  remedy: "Run Godwit as the file's owner, or make Godwit's user the owner.",
};

const MOUNTED: EnvFileProblem = {
  check: "env-file-mounted",
  what: "is mounted by itself and cannot be replaced",
  remedy: "Mount the folder that holds the file, not the file alone.",
};
