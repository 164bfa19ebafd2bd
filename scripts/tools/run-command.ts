import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program without a shell and returns what it prints; rejects with the last lines of its errors. */
export async function runCommand(program: string, ...args: string[]): Promise<string> {
  try {
    const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
    return (await promisify(execFile)(program, args, { env, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (cause) {
    const { stderr = "", message } = cause as { stderr?: string; message: string };
    throw new Error(stderr.trim().split("\n").slice(-3).join(" ") || message, { cause });
  }
}
