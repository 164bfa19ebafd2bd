import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A command to run without a shell. */
export interface CommandCall {
  readonly command: readonly string[];
  readonly folder: string;
  /** Added to the few variables that the child gets from Godwit. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a command ended; `output` is the end of what it printed. */
export interface CommandResult {
  /** Null when it exited with 0. */
  readonly problem: string | null;
  readonly output: string;
}

/** What programs need to find each other and the user; nothing in which operators keep secrets. */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TERM|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|DOCKER_HOST|KUBECONFIG)$/;
const OUTPUT_BYTES = 2_000;

/**
 * Runs a command. Its output goes to a file, not a pipe: an application that it leaves running in the
 * background must not die of a closed pipe. Ends the whole process group at the timeout.
 */
export async function runCommand(call: CommandCall): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), "godwit-restart-"));
  const path = join(folder, "output");
  const file = await open(path, "wx", 0o600);
  try {
    const problem = await runTo(file.fd, call);
    const output = await readFile(path);
    return { problem, output: output.subarray(-OUTPUT_BYTES).toString("utf8").trim() };
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runTo(fd: number, call: CommandCall): Promise<string | null> {
  const [program = "", ...args] = call.command;
  const child = spawn(program, args, {
    cwd: call.folder,
    env: { ...inherited(), ...call.variables },
    stdio: ["ignore", fd, fd],
    detached: true,
  });
  const timeout = AbortSignal.timeout(call.timeoutMs);
  const stopping = AbortSignal.any([call.signal, timeout]);
  const stop = () => killGroup(child);
  stopping.addEventListener("abort", stop, { once: true });
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (timeout.aborted) return `its restart command did not end within ${call.timeoutMs / 1000} s`;
    return code === 0 ? null : `its restart command ended with ${signal ?? `exit code ${code}`}`;
  } catch (error) {
    return `its restart command cannot be run (${(error as NodeJS.ErrnoException).code})`;
  } finally {
    stopping.removeEventListener("abort", stop);
  }
}

function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => INHERITED.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}
