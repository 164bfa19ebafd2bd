import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureMysqlServer, type MysqlServerName } from "../../scripts/tools/ensure-tools.ts";
import { findFreePort } from "../../src/store/embedded/free-port.ts";
import { copyOwnedFolder, makeRunFolder, writeOwnedFile } from "../../src/store/embedded/owned-files.ts";
import { type Supervisor, supervise } from "../../src/store/embedded/supervise.ts";
import { findUnprivilegedUser, type ServerUser } from "../../src/store/embedded/unprivileged-user.ts";
import { initializeMariadb, initializeMysql, readLogTail } from "./mysql-data.ts";

/** A temporary MariaDB or MySQL server on 127.0.0.1 that ends with this process, however it ends. */
export interface MysqlServer {
  /** Of the administrator root, with the password. */
  readonly url: string;
  readonly port: number;
  /** Process number of the running server. */
  readonly pid: number;
  readonly name: MysqlServerName;
  /** Stops the server and removes all that it wrote. */
  stop(): Promise<void>;
}

/** What is needed to start one. */
export interface MysqlSite {
  readonly runFolder: string;
  readonly logFile: string;
  readonly user: ServerUser | undefined;
  readonly supervisor: Supervisor;
  /** Folder with the unpacked package, where its user can run it. */
  readonly native: string;
  readonly program: string;
  /** Folder with the server's messages, character sets and scripts. */
  readonly share: string;
  readonly password: string;
}

const START_TIMEOUT_MS = 120_000;

/** Settings as in my.cnf; an empty value is a setting without one. */
export type MysqlSettings = Readonly<Record<string, string>>;

/** Its data survives a crash of the server, not of the machine. */
const FAST_UNSAFE_SETTINGS: MysqlSettings = {
  "innodb-flush-log-at-trx-commit": "2",
  "innodb-doublewrite": "0",
  "innodb-flush-method": "nosync",
  "sync-binlog": "0",
};

/** Starts a server of the MySQL family. As root it runs as nobody. Its data is new each time. */
export async function startMysql(name: MysqlServerName, settings: MysqlSettings = {}): Promise<MysqlServer> {
  const programs = await ensureMysqlServer(name);
  const user = findUnprivilegedUser();
  const runFolder = await makeRunFolder("mysql", user);
  const logFile = join(runFolder, "mysql.log");
  const supervisor = supervise({ runFolder, logFile, stopSignals: ["TERM", "QUIT", "KILL"], user });
  try {
    const program = name === "mysql-9" ? "mysqld" : "mariadbd";
    const native = await makeReachable({ ...programs, program }, { runFolder, user });
    const password = randomBytes(16).toString("hex");
    const paths = { native, program: join(native, "bin", program), share: join(native, programs.share) };
    const { port, pid } = await serve(
      { runFolder, logFile, user, supervisor, password, ...paths },
      { name, settings },
    );
    return {
      url: `mysql://root:${password}@127.0.0.1:${port}`,
      port,
      pid,
      name,
      stop: () => supervisor.end(),
    };
  } catch (error) {
    await supervisor.end();
    throw error;
  }
}

/** A program in a clone that only root can enter is copied, with its libraries, to where nobody can run it. */
async function makeReachable(
  { bin, folder, program }: { bin: string; folder: string; program: string },
  { runFolder, user }: { runFolder: string; user: ServerUser | undefined },
): Promise<string> {
  if (spawnSync(join(bin, program), ["--version"], { cwd: runFolder, ...user }).status === 0) return folder;
  const to = join(runFolder, "native");
  await copyOwnedFolder(folder, to, user);
  return to;
}

/** A free port may be taken between finding and using it; three attempts make that improbable enough. */
async function serve(
  site: MysqlSite,
  { name, settings }: { name: MysqlServerName; settings: MysqlSettings },
): Promise<{ readonly port: number; readonly pid: number }> {
  const isMysql = name === "mysql-9";
  const config = join(site.runFolder, "my.cnf");
  await writeOwnedFile(config, configuration(site, { isMysql, settings }), site.user);
  const initFile = await (isMysql ? initializeMysql : initializeMariadb)(site, config);
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const options = [`--defaults-file=${config}`, `--port=${port}`, `--init-file=${initFile}`];
    const { exited, pid } = await site.supervisor.run([site.program, ...options]);
    if (await untilReady(port, exited)) return { port, pid };
    if (attempt === 3) throw new Error(`starting ${name}: ${await readLogTail(site.logFile)}`);
  }
}

function configuration(
  { runFolder, native, share }: MysqlSite,
  { isMysql, settings }: { isMysql: boolean; settings: MysqlSettings },
): string {
  const own = isMysql
    ? { mysqlx: "OFF", "local-infile": "ON", "secure-file-priv": "NULL", "innodb-flush-method": "fsync" }
    : { "plugin-dir": join(native, "root", "usr", "lib", "mysql", "plugin") };
  const all: MysqlSettings = {
    datadir: join(runFolder, "data"),
    tmpdir: runFolder,
    socket: join(runFolder, "s"),
    "pid-file": join(runFolder, "mysql.pid"),
    "bind-address": "127.0.0.1",
    "lc-messages-dir": share,
    "character-sets-dir": join(share, "charsets"),
    "skip-name-resolve": "",
    "skip-log-bin": "",
    "max-connections": "300",
    ...FAST_UNSAFE_SETTINGS,
    ...own,
    ...settings,
  };
  const lines = Object.entries(all)
    .filter(
      ([setting, value]) => !(setting === "skip-log-bin" && "log-bin" in settings) && value !== undefined,
    )
    .map(([setting, value]) => (value === "" ? setting : `${setting} = ${value}`));
  return `[mysqld]\n${lines.join("\n")}\n`;
}

/** Whether the server took the port; the init file has been run by then. */
async function untilReady(port: number, exited: Promise<number>): Promise<boolean> {
  const ended = exited.then(() => "ended" as const);
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; ) {
    if (await greets(port)) return true;
    if ((await Promise.race([ended, sleep(25)])) === "ended") return false;
  }
  return false;
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (outcome: boolean): void => {
      socket.destroy();
      resolve(outcome);
    };
    socket
      .once("data", () => end(true))
      .once("error", () => end(false))
      .once("end", () => end(false));
  });
}
