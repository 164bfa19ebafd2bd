import { createHash } from "node:crypto";
import { access, chmod, constants, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isNodeError } from "./is-node-error.ts";

export interface ClientFile {
  readonly content: Buffer;
  readonly contentType: string;
}

/** The built page by path, such as `/index.html`. */
export type ClientFiles = ReadonlyMap<string, ClientFile>;

const pageFolder = fileURLToPath(new URL("./", import.meta.url));
const clientFolder = join(pageFolder, "client");
const defaultCacheFolder = fileURLToPath(new URL("../../.cache/page/", import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * The page's scripts and styles, built by Vite when they changed since the last build. What is built is kept in
 * `cacheFolder`; where that cannot be written, it is built in a temporary folder each time.
 */
export async function buildClient(cacheFolder: string = defaultCacheFolder): Promise<ClientFiles> {
  const outFolder = join(cacheFolder, await hashSources());
  if (await isThere(join(outFolder, "index.html"))) return readFiles(outFolder);
  const workFolder = await makeWorkFolder(cacheFolder);
  try {
    await runVite(workFolder);
    const files = await readFiles(workFolder);
    await keep(workFolder, { cacheFolder, outFolder });
    return files;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** A name that changes with every source of the page and with the versions of its tools. */
async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  const require = createRequire(import.meta.url);
  for (const tool of ["vite", "preact"])
    hash.update(`${tool} ${versionOf(require(`${tool}/package.json`))}\0`);
  const entries = await readdir(pageFolder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const path of paths.sort()) {
    hash.update(`${path.slice(pageFolder.length)}\0`);
    hash.update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 16);
}

function versionOf(manifest: unknown): string {
  return String((manifest as { version?: unknown }).version);
}

async function makeWorkFolder(cacheFolder: string): Promise<string> {
  try {
    await mkdir(cacheFolder, { recursive: true });
    return await mkdtemp(join(cacheFolder, "build-"));
  } catch {
    return mkdtemp(join(tmpdir(), "godwit-page-"));
  }
}

/** Vite sets NODE_ENV for its own process; this process is not its own. */
async function runVite(outDir: string): Promise<void> {
  const { build } = await import("vite");
  const before = process.env.NODE_ENV;
  try {
    await build({
      configFile: false,
      root: clientFolder,
      mode: "production",
      base: "/",
      publicDir: false,
      logLevel: "error",
      define: { "process.env.NODE_ENV": '"production"' },
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      build: {
        outDir,
        emptyOutDir: true,
        target: "es2022",
        modulePreload: false,
        assetsInlineLimit: 0,
        reportCompressedSize: false,
      },
    });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

/** Moves a finished build to its place; whoever else built the same in the meantime wins, and older builds go. */
async function keep(
  workFolder: string,
  { cacheFolder, outFolder }: { cacheFolder: string; outFolder: string },
): Promise<void> {
  if (!workFolder.startsWith(cacheFolder)) return;
  await chmod(workFolder, 0o755);
  await rename(workFolder, outFolder).catch((error: unknown) => {
    if (!isNodeError(error, "ENOTEMPTY", "EEXIST")) throw error;
  });
  const names = await readdir(cacheFolder);
  const old = names.map((name) => join(cacheFolder, name)).filter((path) => isOldBuild(path, outFolder));
  for (const path of old) await rm(path, { recursive: true, force: true });
}

/** Builds under way elsewhere are left alone. */
function isOldBuild(path: string, outFolder: string): boolean {
  return path !== outFolder && /[/\\][0-9a-f]{16}$/.test(path);
}

async function readFiles(folder: string): Promise<ClientFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }): Promise<[string, ClientFile]> => {
    const path = join(parentPath, name);
    const contentType = contentTypes[extname(name)] ?? "application/octet-stream";
    return [path.slice(folder.length).replaceAll("\\", "/"), { content: await readFile(path), contentType }];
  });
  return new Map(await Promise.all(read));
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
