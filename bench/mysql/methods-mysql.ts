import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUILD, execute, inFolder, type Ran } from "../methods.ts";

/** What a method works with. */
export interface MysqlJob {
  /** Administrators' URLs of the servers. */
  readonly from: string;
  readonly to: string;
  /** Database of the old server; the copy is called `copy`. */
  readonly database: string;
  readonly jobs: number;
  /** Paths of the other programs, by name. */
  readonly programs: ReadonlyMap<string, string>;
}

/** One way of copying a database. */
export interface MysqlMethod {
  readonly name: string;
  /** Whether it makes the target database by itself. */
  readonly makesDatabase: boolean;
  run(job: MysqlJob): Promise<Ran>;
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** An option file, so that no password stands in the list of processes. */
async function optionFile(folder: string, name: string, url: string): Promise<string> {
  const { hostname, port, username, password } = new URL(url);
  const lines = [`host=${hostname}`, `port=${port}`, `user=${username}`, `password=${password}`];
  const path = join(folder, name);
  await writeFile(path, `[client]\n${lines.join("\n")}\n`, { mode: 0o600 });
  return path;
}

async function inShell(job: MysqlJob, script: (files: Files) => string): Promise<Ran> {
  return inFolder(async (folder) => {
    const [from, to] = [await optionFile(folder, "from", job.from), await optionFile(folder, "to", job.to)];
    const program = (name: string): string => quote(job.programs.get(name) ?? name);
    return execute("bash", ["-c", `set -eo pipefail; ${script({ folder, from, to, program })}`], {});
  });
}

interface Files {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly program: (name: string) => string;
}

const withoutDatabase = (url: string, database: string): string => `${url}/${database}`;

const GODWIT: MysqlMethod = {
  name: "godwit copy",
  makesDatabase: true,
  run: ({ from, to, database, jobs }) =>
    inFolder((folder) => {
      const options = ["--engine", "mysql", "--json", "--unfence", "--jobs", String(jobs)];
      const env = {
        GODWIT_FROM_URL: withoutDatabase(from, database),
        GODWIT_TO_URL: withoutDatabase(to, "copy"),
      };
      return execute(process.execPath, [join(BUILD, "src", "main.js"), "copy", ...options], env, folder);
    }),
};

const PIPE: MysqlMethod = {
  name: "mariadb-dump \\| mariadb",
  makesDatabase: false,
  run: (job) =>
    inShell(job, ({ from, to, program }) => {
      const options = "--skip-ssl --single-transaction --routines --events --triggers --hex-blob";
      const dump = `${program("mariadb-dump")} --defaults-file=${quote(from)} ${options} ${job.database}`;
      return `${dump} | ${program("mariadb")} --defaults-file=${quote(to)} --skip-ssl copy`;
    }),
};

const MYDUMPER: MysqlMethod = {
  name: "mydumper, myloader",
  makesDatabase: false,
  run: (job) =>
    inShell(job, ({ folder, from, to, program }) => {
      const dump = quote(join(folder, "dump"));
      const common = `-t ${job.jobs}`;
      const out = `${program("mydumper")} --defaults-file=${quote(from)} ${common} -r 100000 -B ${job.database} -o ${dump}`;
      return `${out}; ${program("myloader")} --defaults-file=${quote(to)} ${common} -d ${dump} -B copy -o`;
    }),
};

/** Every method, always the same objects. */
export const mysqlMethods: readonly MysqlMethod[] = [GODWIT, PIPE, MYDUMPER];
