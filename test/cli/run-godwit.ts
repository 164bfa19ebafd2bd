import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** How a run of the command line ended. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** Folder that the command is typed in. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs `godwit` as a person would, in a process of its own. */
export async function runGodwit(args: readonly string[], { folder, environment }: RunOptions): Promise<Run> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", tsx, main, ...args], {
    cwd: folder,
    env: { ...process.env, LOG_LEVEL: "fatal", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  return { exitCode, stdout, stderr };
}
