import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import { canReach, findUnprivilegedUser, type ServerUser } from "./unprivileged-user.ts";

/** Where root keeps data that the server's user cannot reach in the clone. */
const SYSTEM_FOLDER = "/var/lib/godwit";

/** Where a persistent server keeps its data, and who runs it. */
export interface DataSite {
  /** Holds `data`, `postgres.log` and the lease; owned by the server's user. */
  readonly folder: string;
  readonly user: ServerUser | undefined;
}

/**
 * Finds or makes the place for a persistent server's data.
 *
 * It is the folder itself, wherever the server's user can reach it. Started by root in a clone that only
 * root can enter, the server (which runs as nobody) could not; then the data lies in a folder of its own
 * under /var/lib/godwit, and the file `location` in the clone's folder names it. Data that an ordinary
 * user made before is served as that user.
 */
export async function findDataSite(wanted: string): Promise<DataSite> {
  const folder = resolve(wanted);
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pointer = join(folder, "location");
  const elsewhere = (await readFile(pointer, "utf8").catch(ignoreMissing)).trim();
  const nobody = findUnprivilegedUser();
  if (elsewhere !== "")
    return { folder: elsewhere, user: checkOwner(elsewhere, await ownerOf(elsewhere), nobody) };
  const owner = await ownerOf(join(folder, "data"));
  if (owner) return { folder, user: checkOwner(folder, owner, nobody) };
  if (nobody === undefined) return { folder, user: undefined };
  if (canReach(nobody, dirname(folder))) return { folder: await giveTo(nobody, folder), user: nobody };
  return { folder: await makeSystemFolder(nobody, pointer), user: nobody };
}

async function makeSystemFolder(user: ServerUser, pointer: string): Promise<string> {
  const folder = join(SYSTEM_FOLDER, randomBytes(6).toString("hex"));
  try {
    await mkdir(folder, { recursive: true });
    await chmod(SYSTEM_FOLDER, 0o755); // whatever root's umask took away
    await writeFile(pointer, `${folder}\n`);
  } catch (cause) {
    throw new GodwitError({
      code: "embedded-data-unreachable",
      summary: `The embedded server does not run as root, and its data can be kept neither here nor in ${SYSTEM_FOLDER}.`,
      remedy: "Start Godwit as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.",
      cause,
    });
  }
  return giveTo(user, folder);
}

async function giveTo(user: ServerUser, folder: string): Promise<string> {
  await chown(folder, user.uid >>> 0, user.gid >>> 0);
  return folder;
}

async function ownerOf(path: string): Promise<ServerUser | undefined> {
  const { uid, gid } = (await stat(path).catch(() => undefined)) ?? {};
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function checkOwner(
  folder: string,
  owner: ServerUser | undefined,
  nobody: ServerUser | undefined,
): ServerUser | undefined {
  if (owner && nobody && owner.uid !== 0) return owner;
  if (owner && owner.uid === process.getuid?.()) return undefined;
  throw new GodwitError({
    code: "embedded-data-of-another-user",
    summary: `The embedded server's data in ${folder} is missing or belongs to another user of this machine.`,
    remedy:
      "Start Godwit as the user who started it first, or set DATABASE_URL to a PostgreSQL server of your own.",
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
