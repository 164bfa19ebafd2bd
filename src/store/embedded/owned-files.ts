import { constants } from "node:fs";
import { chown, copyFile, lchown, mkdir, mkdtemp, open, readdir, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import { findTempRoot, type ServerUser } from "./unprivileged-user.ts";

/** Files made by root for a server that runs as another user. Nothing here follows a link that is in the way. */

/** Makes a temporary folder that only the server's user can enter. */
export async function makeRunFolder(label: string, user: ServerUser | undefined): Promise<string> {
  const folder = await mkdtemp(join(findTempRoot(user), `godwit-${label}-`));
  if (user) await chown(folder, user.uid >>> 0, user.gid >>> 0);
  return folder;
}

/** Makes a folder with mode 700 that the user owns; it must not exist yet. */
export async function makeOwnedFolder(folder: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (user) await lchown(folder, user.uid >>> 0, user.gid >>> 0);
}

/** Writes a new file with mode 600 that the user owns; it must not exist yet. */
export async function writeOwnedFile(
  path: string,
  text: string,
  user: ServerUser | undefined,
): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    if (user) await file.chown(user.uid >>> 0, user.gid >>> 0);
  } finally {
    await file.close();
  }
}

/** Copies a folder with its links for the user, without static libraries, which no server loads. */
export async function copyOwnedFolder(from: string, to: string, user: ServerUser | undefined): Promise<void> {
  await makeOwnedFolder(to, user);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyOwnedFolder(source, target, user);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (!entry.name.endsWith(".a")) await copyOwnedFile(source, target, user);
  }
}

async function copyOwnedFile(from: string, to: string, user: ServerUser | undefined): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  if (user) await lchown(to, user.uid >>> 0, user.gid >>> 0);
}
