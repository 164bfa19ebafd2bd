import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitForLease } from "../../src/store/embedded/lease.ts";
import { type DebianPackage, fetchDebianPackage } from "./apt-fetch.ts";

/** Programs taken from one Debian package into the project's cache. */
export interface FetchedTool {
  /** Folder below `.cache`, for example `pg-client/18`. */
  readonly folder: string;
  readonly package: DebianPackage;
  /** Folder of the programs inside the package. */
  readonly programFolder: string;
  readonly programs: readonly string[];
  /** Folder below `usr/share` that the programs read; left out: none of it is kept. */
  readonly share?: string;
}

const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));
const OTHER_FETCH_MS = 300_000;

/** The folder with the tool's programs in the cache; undefined when it has not been fetched yet. */
export function findFetched(tool: FetchedTool): string | undefined {
  const bin = join(CACHE, tool.folder, "bin");
  return existsSync(bin) ? bin : undefined;
}

/**
 * Fetches a tool into the project's cache and returns the folder with its programs. Safe to call from
 * several processes: one fetches, the others wait; the folder appears complete or not at all.
 */
export async function fetchTool(tool: FetchedTool): Promise<string> {
  const target = join(CACHE, tool.folder);
  await mkdir(dirname(target), { recursive: true });
  const lease = await waitForLease(`${target}.lease`, OTHER_FETCH_MS);
  if (lease === undefined) throw new Error("another process has been fetching it for five minutes");
  const draft = `${target}.draft`;
  try {
    return findFetched(tool) ?? (await fetchInto(tool, { draft, target }));
  } finally {
    await rm(draft, { recursive: true, force: true });
    await lease.release();
  }
}

async function fetchInto(
  tool: FetchedTool,
  { draft, target }: { draft: string; target: string },
): Promise<string> {
  console.error(
    `Fetching ${tool.package.name} from Debian ${tool.package.suite} into .cache/${tool.folder}…`,
  );
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, "bin"), { recursive: true });
  const [root, workFolder] = [join(draft, "root"), join(draft, "work")];
  await fetchDebianPackage(tool.package, { root, workFolder });
  await rm(workFolder, { recursive: true });
  await keepShare(join(root, "usr", "share"), tool.share);
  const native = await findNative(root);
  for (const program of tool.programs)
    await writeWrapper(join(draft, "bin", program), { tool, program, native });
  await rename(draft, target);
  return join(target, "bin");
}

/** Documents and the like are most of a package's size. */
async function keepShare(share: string, kept: string | undefined): Promise<void> {
  for (const name of await readdir(share)) {
    if (name !== kept) await rm(join(share, name), { recursive: true });
  }
}

/** The package's own dynamic loader and its libraries, relative to the root: the machine's libc may be too old. */
interface Native {
  readonly loader: string;
  readonly folders: readonly string[];
}

/** Until bookworm, libc was packaged below `lib` and what uses it below `usr/lib`. */
async function findNative(root: string): Promise<Native> {
  const found = await Promise.all(["usr/lib", "lib"].map((parent) => libraryFolders(root, parent)));
  const folders = found.flat();
  for (const folder of folders) {
    const files = await readdir(join(root, folder));
    const name = files.find((file) => /^ld(64)?(-linux.*)?\.so\.\d$/.test(file));
    if (name !== undefined) return { loader: `${folder}/${name}`, folders };
  }
  throw new Error("the fetched packages hold no dynamic loader");
}

async function libraryFolders(root: string, parent: string): Promise<string[]> {
  const names = await readdir(join(root, parent)).catch(() => []);
  return names.filter((name) => name.includes("-linux-")).map((name) => `${parent}/${name}`);
}

async function writeWrapper(
  path: string,
  { tool, program, native }: { tool: FetchedTool; program: string; native: Native },
): Promise<void> {
  const libraries = native.folders.map((folder) => `$root/${folder}`).join(":");
  const script = `#!/bin/sh
# Runs Debian's ${program} with the libraries it came with, whatever this machine has.
root=\${0%/*}/../root
exec "$root/${native.loader}" --inhibit-cache --library-path "${libraries}" \\
  "$root/${tool.programFolder}/${program}" "$@"
`;
  await writeFile(path, script, { mode: 0o755 });
}
