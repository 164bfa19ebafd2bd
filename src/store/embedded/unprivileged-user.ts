import { execFileSync } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { GodwitError } from "../../core/failure.ts";

/** The operating system's user that runs a server. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Finds who runs servers: `nobody` when this process is root, because PostgreSQL refuses to run as root;
 * otherwise undefined, which means the user of this process.
 */
export function findUnprivilegedUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    return { uid: readId("-u"), gid: readId("-g") };
  } catch (cause) {
    throw new GodwitError({
      code: "no-unprivileged-user",
      summary: "PostgreSQL does not run as root, and this machine has no user named nobody.",
      remedy: "Start Godwit as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.",
      cause,
    });
  }
}

/** macOS prints nobody's -2 as 4294967294; the bit operation turns it into the number that spawn accepts. */
function readId(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" })) | 0;
}

/** Tells whether a user can enter a folder and every folder above it; access lists are not looked at. */
export function canReach(user: ServerUser, folder: string): boolean {
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    if (!canEnter(user, path)) return false;
    if (path === dirname(path)) return true;
  }
}

function canEnter(user: ServerUser, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === user.uid >>> 0) return (mode & 0o100) !== 0;
  if (gid === user.gid >>> 0) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** The folder for temporary files that the user can reach: the system's own, unless TMPDIR is private to root. */
export function findTempRoot(user: ServerUser | undefined): string {
  if (user === undefined) return tmpdir();
  return [tmpdir(), "/tmp", "/var/tmp"].find((folder) => isReachable(user, folder)) ?? tmpdir();
}

function isReachable(user: ServerUser, folder: string): boolean {
  try {
    return canReach(user, folder);
  } catch {
    return false;
  }
}
