import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import type { Login } from "./session.ts";

/** One run of pg_dump or pg_restore. */
export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** Folder of the run; holds the password file while a login is given. */
  readonly folder: string;
  readonly login?: Login;
  readonly name: string;
}

/** Runs `work` with a folder that only this user can read, and removes it. */
export async function withPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "godwit-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** PGPASSFILE's escapes. Source: PostgreSQL documentation, "The Password File". */
function passLine(login: Login): string {
  return `*:*:*:*:${login.password.replaceAll("\\", "\\\\").replaceAll(":", "\\:")}\n`;
}

async function environment(run: ToolRun): Promise<NodeJS.ProcessEnv> {
  const plain = { PATH: process.env["PATH"], LANG: "C", LC_ALL: "C", PGAPPNAME: run.name };
  if (run.login === undefined) return plain;
  const passFile = join(run.folder, "pass");
  await writeFile(passFile, passLine(run.login), { mode: 0o600 });
  const { host, port, user, database, sslmode, sslrootcert } = run.login;
  return {
    ...plain,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSFILE: passFile,
    PGCONNECT_TIMEOUT: "20",
    ...(sslmode === null ? {} : { PGSSLMODE: sslmode === "no-verify" ? "require" : sslmode }),
    ...(sslrootcert === null ? {} : { PGSSLROOTCERT: sslrootcert }),
  };
}

/** The line of the output that says what went wrong, without passwords or values. */
function meaningfulLine(output: string, login?: Login): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((each) => /error|fatal|could not/i.test(each)) ?? lines.at(-1) ?? "no message";
  const secret = login?.password ?? "";
  const redacted = secret === "" ? line : line.replaceAll(secret, "[redacted]");
  return redacted.replace(/^pg_\w+: (error: )?/, "").slice(0, 300);
}

function toolFailed(run: ToolRun, program: string, output: string): GodwitError {
  const line = meaningfulLine(output, run.login);
  const isNetwork = /could not connect|connection to server|server closed|timeout/i.test(line);
  return new GodwitError({
    code: isNetwork ? "connection-lost" : "schema-tool-failed",
    class: isNetwork && !/authentication|password/i.test(line) ? "transient" : "permanent",
    summary: `${program} stopped: ${line}.`,
    remedy: "Correct what it names on the database, then try again.",
  });
}

/** Runs a client program to its end and returns what it wrote. An abort kills it at once. */
export async function runTool(run: ToolRun): Promise<string> {
  const env = await environment(run);
  run.signal.throwIfAborted();
  const child = spawn(run.program, run.args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => void child.kill("SIGKILL");
  run.signal.addEventListener("abort", kill, { once: true });
  const output: Buffer[] = [];
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-20_000);
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  }).finally(() => run.signal.removeEventListener("abort", kill));
  run.signal.throwIfAborted();
  if (code !== 0) throw toolFailed(run, run.program.split("/").at(-1) ?? "", errors);
  return Buffer.concat(output).toString("utf8");
}
