import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { promisify } from "node:util";

/** Tells whether a process exists, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, as text: the same number at another time is another process. Empty if unknown. */
export async function readStartStamp(pid: number): Promise<string> {
  if (platform() !== "linux") return ask(pid, "lstart=");
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""; // field 22, proc(5)
}

/** The command line of a process; empty if it cannot be read. */
export async function readCommandLine(pid: number): Promise<string> {
  if (platform() !== "linux") return ask(pid, "command=");
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ").trim();
}

async function ask(pid: number, column: string): Promise<string> {
  const answer = await promisify(execFile)("ps", ["-o", column, "-p", String(pid)]).catch(() => ({
    stdout: "",
  }));
  return answer.stdout.trim();
}
