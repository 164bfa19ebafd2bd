import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { watchMemory } from "./measure.ts";

/** What a method works with. */
export interface Job {
  /** Superuser's URLs of the database and of the one to make. */
  readonly from: string;
  readonly to: string;
  readonly jobs: number;
  /** Folder of the client programs. */
  readonly pgBin: string;
  readonly pgcopydb: string | null;
}

/** What a run of programs has shown. */
export interface Ran {
  readonly peaks: Readonly<Record<string, number>>;
  readonly stdout: string;
}

/** One way of copying a database. */
export interface Method {
  readonly name: string;
  /** Whether it makes the target database by itself. */
  readonly makesDatabase: boolean;
  run(job: Job, engine?: string): Promise<Ran>;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Godwit as it is installed: compiled once, since compiling belongs to no copy. */
export const BUILD = join(ROOT, ".cache", "bench");

/** Compiles the program that is measured. */
export async function buildGodwit(): Promise<void> {
  await rm(BUILD, { recursive: true, force: true });
  const compiler = fileURLToPath(new URL("../bin/tsc", import.meta.resolve("typescript")));
  await execute(
    process.execPath,
    [compiler, "-p", join(ROOT, "tsconfig.build.json"), "--outDir", BUILD],
    {},
  ).catch(() => undefined);
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs a program to its end; passwords reach it in its environment only. */
export function execute(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd = tmpdir(),
): Promise<Ran> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stopWatching = watchMemory(child.pid ?? 0);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const peaks = stopWatching();
      if (code === 0) resolve({ peaks, stdout });
      else
        reject(new Error(`${program.split("/").at(-1)} ended with ${code}: ${stderr}${stdout.slice(-500)}`));
    });
  });
}

const shell = (script: string, job: Job): Promise<Ran> =>
  execute("bash", ["-c", `set -eo pipefail; ${script}`], {
    FROM: job.from,
    TO: job.to,
    PATH: `${job.pgBin}:${process.env["PATH"]}`,
  });

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "godwit-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const GODWIT: Method = {
  name: "godwit copy",
  makesDatabase: true,
  run: (job, engine = "postgresql") =>
    inFolder((folder) => {
      const args = [
        join(BUILD, "src", "main.js"),
        "copy",
        "--engine",
        engine,
        "--json",
        "--unfence",
        "--jobs",
        String(job.jobs),
      ];
      const env = { GODWIT_FROM_URL: job.from, GODWIT_TO_URL: job.to, GODWIT_PG_BIN: job.pgBin };
      return execute(process.execPath, args, env, folder);
    }),
};

const DIRECTORY: Method = {
  name: "pg_dump -Fd \\| pg_restore",
  makesDatabase: false,
  run: (job) =>
    inFolder((folder) => {
      const dump = quote(join(folder, "dump"));
      const script = `pg_dump -Fd -j${job.jobs} -f ${dump} -d "$FROM"; pg_restore -j${job.jobs} -d "$TO" ${dump}`;
      return shell(script, job);
    }),
};

const UNCOMPRESSED: Method = {
  name: "pg_dump -Fd -Z0 \\| pg_restore",
  makesDatabase: false,
  run: (job) =>
    inFolder((folder) => {
      const dump = quote(join(folder, "dump"));
      const script = `pg_dump -Fd -Z0 -j${job.jobs} -f ${dump} -d "$FROM"; pg_restore -j${job.jobs} -d "$TO" ${dump}`;
      return shell(script, job);
    }),
};

const PIPE: Method = {
  name: "pg_dump \\| psql",
  makesDatabase: false,
  run: (job) => shell(`pg_dump -d "$FROM" | psql -qX -v ON_ERROR_STOP=1 -o /dev/null -d "$TO"`, job),
};

const PGCOPYDB: Method = {
  name: "pgcopydb clone",
  makesDatabase: false,
  run: (job) =>
    inFolder((folder) => {
      const jobs = `--table-jobs ${job.jobs} --index-jobs ${job.jobs}`;
      const script = `${quote(job.pgcopydb ?? "pgcopydb")} clone ${jobs} --dir ${quote(join(folder, "work"))} --source "$FROM" --target "$TO"`;
      return shell(script, job);
    }),
};

/** Every method that this machine can run, always the same objects. */
export function methods(pgcopydb: string | null): readonly Method[] {
  return [GODWIT, DIRECTORY, UNCOMPRESSED, PIPE, ...(pgcopydb === null ? [] : [PGCOPYDB])];
}
