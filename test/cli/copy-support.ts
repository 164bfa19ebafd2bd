import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach } from "vitest";
import type { DatabaseAccess } from "../../src/core/ports/engine.ts";
import { Secret } from "../../src/core/secret.ts";
import { adminUrl, appUrl } from "../engines/postgresql/database-urls.ts";
import { aDatabase, anEngine } from "../engines/postgresql/make-subject.ts";
import { pgBin, postgresUrl } from "../support/shared-servers.ts";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { type Run, runGodwit } from "./run-godwit.ts";

const signal = new AbortController().signal;
const engine = anEngine();

/** A source, and where its copy is to be. */
export interface CopySubject {
  readonly source: DatabaseAccess;
  readonly from: string;
  readonly to: string;
  /** The copy with the password that its owner gets. */
  readonly target: DatabaseAccess;
}

/** `godwit copy` under way in a process of its own. */
export interface RunningCopy {
  readonly pid: number;
  /** Resolves when standard output has shown this. */
  seen(what: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Run>;
}

/** What the tests of `godwit copy` share. */
export interface Copies {
  /** Where the command is typed, anew for each test. */
  folder(): string;
  /** A source on 15 and a URL for a copy on 18 that does not exist yet. */
  make(sql: string): Promise<CopySubject>;
  run(args: readonly string[], from: string, to?: string): Promise<Run>;
  start(args: readonly string[], subject: CopySubject): RunningCopy;
  /** The note that the copies of a folder's only source have left. */
  note(): Promise<Record<string, unknown> | null>;
}

/** Gives each test a folder, and drops what it has made. */
export function useCopies(): Copies {
  const made: CopySubject[] = [];
  const children = new Set<ChildProcess>();
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "godwit-copy-"));
  });
  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    const note = await noteIn(folder);
    await rm(folder, { recursive: true, force: true });
    for (const subject of made.splice(0)) await dispose(subject, note);
  });
  return {
    folder: () => folder,
    async make(sql) {
      const subject = await aSubject(sql);
      made.push(subject);
      return subject;
    },
    run: (args, from, to) => runGodwit(["copy", ...args], { folder, environment: environmentFor(from, to) }),
    start: (args, { from, to }) => startCopy(args, { folder, from, to, children }),
    note: () => noteIn(folder),
  };
}

async function aSubject(sql: string): Promise<CopySubject> {
  const source = await aDatabase(15, sql);
  const url = new URL(await postgresUrl(18));
  const database = `copy_${source.database.slice(-8)}`;
  const target = { ...source, server: { id: "pg18", adminUrl: new Secret(url.href) }, database };
  url.pathname = `/${database}`;
  return { source, from: adminUrl(source), to: url.href, target };
}

async function dispose({ source, target }: CopySubject, note: Record<string, unknown> | null): Promise<void> {
  const { id } = (note?.["replication"] ?? {}) as { id?: string };
  if (id !== undefined) await engine.replication?.end({ source, target }, id, signal);
  await engine.drop(target, signal);
  await engine.drop(source, signal);
}

async function noteIn(folder: string): Promise<Record<string, unknown> | null> {
  const notes = join(folder, ".godwit", "copies");
  const names = await readdir(notes).catch(() => []);
  const name = names.find((name) => name.endsWith(".json"));
  return name === undefined ? null : JSON.parse(await readFile(join(notes, name), "utf8"));
}

function environmentFor(from: string, to?: string): Record<string, string> {
  const target = to === undefined ? {} : { GODWIT_TO_URL: to };
  return { GODWIT_FROM_URL: from, GODWIT_PG_BIN: pgBin(), LOG_LEVEL: "fatal", ...target };
}

interface StartOptions {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly children: Set<ChildProcess>;
}

function startCopy(args: readonly string[], { folder, from, to, children }: StartOptions): RunningCopy {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", tsx, main, "copy", "--json", ...args], {
    cwd: folder,
    env: { ...process.env, ...environmentFor(from, to) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Run>((done) =>
    child.once("close", (exitCode) => {
      children.delete(child);
      done({ exitCode, stdout, stderr });
    }),
  );
  return {
    pid: child.pid ?? 0,
    async seen(what) {
      await until(() => what.test(stdout) || child.exitCode !== null, {
        what: String(what),
        everyMs: 2,
        timeoutMs: 40_000,
      });
      if (!what.test(stdout)) throw new Error(`${what} was not seen in ${stdout}${stderr}`);
    },
    signal: (name) => void child.kill(name),
    ended,
  };
}

/** The lines of a run with `--json`. */
export function linesOf({ stdout }: Pick<Run, "stdout">): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** The last line of a run with `--json`. */
export function lastLine(run: Run): Record<string, unknown> {
  return linesOf(run).at(-1) ?? {};
}

/** Whether the application may write. */
export function canWrite(database: DatabaseAccess): Promise<boolean> {
  return querySql(
    appUrl(database),
    "CREATE TABLE IF NOT EXISTS public.canary (a int); DROP TABLE public.canary",
  )
    .then(() => true)
    .catch(() => false);
}
