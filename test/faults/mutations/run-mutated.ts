import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutation } from "./guards.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COPIED = [
  "src",
  "commands",
  "playground",
  "scripts",
  "test",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];
/** Not copied: large, and no mutation is in them. */
const SHARED = ["node_modules", ".cache"];

/** What a suite found in a copy of the tree. */
export interface Verdict {
  readonly tests: number;
  readonly failed: number;
}

/** The text with the guard taken out. Throws when what is searched for does not stand there exactly once. */
export async function mutatedText({ file, search, replace, guard }: Mutation): Promise<string> {
  const text = await readFile(join(ROOT, file), "utf8");
  const times = text.split(search).length - 1;
  if (times !== 1) throw new Error(`${guard}: its text stands ${times} times in ${file}`);
  return text.replace(search, () => replace);
}

/** A copy of the tree outside of it. */
export async function copyTree(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "godwit-mutations-"));
  for (const name of COPIED) await cp(join(ROOT, name), join(path, name), { recursive: true });
  for (const name of SHARED) await symlink(join(ROOT, name), join(path, name));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Runs the suite of a mutation in the copy with the guard taken out, and puts the guard back. */
export async function runMutated(path: string, mutation: Mutation): Promise<Verdict> {
  const target = join(path, mutation.file);
  const original = await readFile(target, "utf8");
  await writeFile(target, await mutatedText(mutation));
  try {
    return await runSuite(path, mutation.suite);
  } finally {
    await writeFile(target, original);
  }
}

/** What a suite says of the copy as it stands. */
export async function runSuite(path: string, suite: string): Promise<Verdict> {
  const report = join(path, "report.json");
  const args = ["run", suite, "--reporter=json", `--outputFile=${report}`];
  const child = spawn(join(ROOT, "node_modules/.bin/vitest"), args, { cwd: path, stdio: "ignore" });
  await once(child, "exit");
  const { numTotalTests, numFailedTests } = JSON.parse(await readFile(report, "utf8")) as {
    readonly numTotalTests: number;
    readonly numFailedTests: number;
  };
  await rm(report);
  return { tests: numTotalTests, failed: numFailedTests };
}
