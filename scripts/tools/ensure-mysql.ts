import { dirname, join } from "node:path";
import { whyCannotFetch } from "./apt-fetch.ts";
import { type FetchedTool, fetchTool, findFetched } from "./fetched-tool.ts";
import { ToolMissing } from "./tool-missing.ts";

/** Servers of the MySQL family that tests, demo and bench run, by flavour and release series. */
export const MYSQL_SERVERS = ["mariadb-10.11", "mariadb-11.8", "mysql-9"] as const;
export type MysqlServerName = (typeof MYSQL_SERVERS)[number];

/** Programs of the MySQL family, unpacked. */
export interface MysqlPrograms {
  readonly bin: string;
  /** Folder that `bin` and everything else is in. */
  readonly folder: string;
  /** Below it: what a server reads at its start. */
  readonly share: string;
}

const MARIADB_SERVER = {
  programFolder: "usr/sbin",
  programs: ["mariadbd"],
};

/** Debian's MySQL is in unstable alone; MariaDB's series are those of its stable releases. */
const SERVERS: Readonly<Record<MysqlServerName, FetchedTool>> = {
  "mariadb-10.11": {
    ...MARIADB_SERVER,
    folder: "mysql/mariadb-10.11",
    share: "mysql",
    package: mariadb("mariadb-server-core", { suite: "bookworm", version: "1:10.11.18-0+deb12u1" }),
  },
  "mariadb-11.8": {
    ...MARIADB_SERVER,
    folder: "mysql/mariadb-11.8",
    share: "mariadb",
    package: mariadb("mariadb-server-core", { suite: "trixie", version: "1:11.8.9+ds-0+deb13u1" }),
  },
  "mysql-9": {
    folder: "mysql/mysql-9",
    package: {
      name: "mysql-server-core",
      suite: "sid",
      version: "9.7.4-2",
      major: "9.",
      without: ["mysql-common"],
    },
    programFolder: "usr/sbin",
    programs: ["mysqld"],
    share: "mysql",
  },
};

/** What the bench compares with. */
const CLIENTS: readonly FetchedTool[] = [
  {
    folder: "mysql/mariadb-client",
    package: {
      ...mariadb("mariadb-client", { suite: "trixie", version: "1:11.8.9+ds-0+deb13u1" }),
      without: ["mariadb-common", "mysql-common", "libconfig-inifiles-perl", "debianutils"],
    },
    programFolder: "usr/bin",
    programs: ["mariadb", "mariadb-dump"],
  },
  {
    folder: "mysql/mydumper",
    package: {
      name: "mydumper",
      suite: "bookworm",
      version: "0.10.1-1+deb12u2",
      major: "0.",
      without: ["mariadb-common", "mysql-common"],
    },
    programFolder: "usr/bin",
    programs: ["mydumper", "myloader"],
  },
];

function mariadb(name: string, { suite, version }: { suite: string; version: string }) {
  const major = version.slice(0, version.indexOf(".", version.indexOf(".") + 1) + 1);
  return { name, suite, version, major, without: ["mariadb-common", "mysql-common"] };
}

/**
 * Finds a server of the MySQL family in the project's cache, and fetches it from Debian if it is not there.
 *
 * @throws ToolMissing with one sentence that says how to get it.
 */
export function ensureMysqlServer(name: MysqlServerName): Promise<MysqlPrograms> {
  return ensure(SERVERS[name]);
}

/** Whether servers of these versions are there already, so that nothing has to be fetched. */
export function areMysqlServersFetched(names: readonly MysqlServerName[]): boolean {
  return names.every((name) => findFetched(SERVERS[name]) !== undefined);
}

/** Finds or fetches mariadb, mariadb-dump, mydumper and myloader; returns their paths by name. */
export async function ensureMysqlClients(): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (const tool of CLIENTS) {
    const { bin } = await ensure(tool);
    for (const program of tool.programs) paths.set(program, join(bin, program));
  }
  return paths;
}

async function ensure(tool: FetchedTool): Promise<MysqlPrograms> {
  const bin = findFetched(tool) ?? (await fetchFromDebian(tool));
  return { bin, folder: dirname(bin), share: join("root", "usr", "share", tool.share ?? "") };
}

async function fetchFromDebian(tool: FetchedTool): Promise<string> {
  const reason = whyCannotFetch();
  if (reason !== undefined) throw missing(tool, reason);
  try {
    return await fetchTool(tool);
  } catch (cause) {
    throw missing(tool, `fetching it did not work (${(cause as Error).message})`, cause);
  }
}

function missing({ folder, package: { name, suite } }: FetchedTool, reason: string, cause?: unknown) {
  const how = `run this on Debian, or unpack its ${name} of ${suite} into .cache/${folder}/root`;
  return new ToolMissing(`Godwit's tests need ${folder.split("/")[1]}, and ${reason}: ${how}.`, cause);
}
