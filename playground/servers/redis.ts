import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureRedisVersion, type RedisVersion } from "../../scripts/tools/ensure-redis-versions.ts";
import { ensureRedis } from "../../scripts/tools/ensure-tools.ts";
import { findFreePort } from "../../src/store/embedded/free-port.ts";
import {
  copyOwnedFolder,
  makeOwnedFolder,
  makeRunFolder,
  writeOwnedFile,
} from "../../src/store/embedded/owned-files.ts";
import { type Supervised, supervise } from "../../src/store/embedded/supervise.ts";
import { findUnprivilegedUser, type ServerUser } from "../../src/store/embedded/unprivileged-user.ts";

/** A temporary Redis (or Valkey) server on 127.0.0.1 that ends with this process, however it ends. */
export interface RedisServer {
  /** With the password. */
  readonly url: string;
  /** With the user `godwit`, who may everything. */
  readonly adminUrl: string;
  readonly port: number;
  /** Ends the server as a crash does, and starts it again at the same address with what its append-only file holds. */
  restart(): Promise<void>;
  /** Stops the server and removes all that it wrote. */
  stop(): Promise<void>;
}

/** A user of Godwit's own, besides the one that applications are. */
const ADMIN = "godwit";
const START_TIMEOUT_MS = 20_000;

/** What a server is started with. */
export interface RedisOptions {
  /** A server of a version of its own; default: whatever the machine has. */
  readonly version?: RedisVersion;
  /** Lines of redis.conf, after the usual ones. */
  readonly lines?: readonly string[];
}

/** Starts a Redis as BullMQ wants it: nothing evicted, everything in the append-only file. As root it runs as nobody. */
export async function startRedis({ version, lines = [] }: RedisOptions = {}): Promise<RedisServer> {
  const program = version === undefined ? await ensureRedis() : await ensureRedisVersion(version);
  const user = findUnprivilegedUser();
  const runFolder = await makeRunFolder("redis", user);
  const logFile = join(runFolder, "redis.log");
  const supervisor = supervise({ runFolder, logFile, stopSignals: ["TERM", "KILL"], user });
  try {
    const [port, password] = [await findFreePort(), randomBytes(16).toString("hex")];
    const reachable = await makeReachable(program, { runFolder, user });
    const config = await writeConfig(runFolder, { port, password, user, lines });
    const start = async (times: number): Promise<Supervised> => {
      const running = await supervisor.run([reachable, config]);
      await Promise.race([untilReady(logFile, times), running.exited.then(() => failToStart(logFile))]);
      return running;
    };
    let starts = 1;
    let running = await start(starts);
    const restart = async (): Promise<void> => {
      supervisor.halt(["KILL"]);
      await running.exited;
      starts += 1;
      running = await start(starts);
    };
    const at = `${password}@127.0.0.1:${port}`;
    const urls = { url: `redis://:${at}`, adminUrl: `redis://${ADMIN}:${at}` };
    return { ...urls, port, restart, stop: () => supervisor.end() };
  } catch (error) {
    await supervisor.end();
    throw error;
  }
}

/** A program in a clone that only root can enter is copied, with its libraries, to where nobody can run it. */
async function makeReachable(
  program: string,
  { runFolder, user }: { runFolder: string; user: ServerUser | undefined },
): Promise<string> {
  if (spawnSync(program, ["--version"], { cwd: runFolder, ...user }).status === 0) return program;
  const from = dirname(dirname(program));
  const to = join(runFolder, "native");
  await copyOwnedFolder(from, to, user);
  return join(to, relative(from, program));
}

interface Settings {
  readonly port: number;
  readonly password: string;
  readonly user: ServerUser | undefined;
  readonly lines: readonly string[];
}

async function writeConfig(
  runFolder: string,
  { port, password, user, lines: more }: Settings,
): Promise<string> {
  const data = join(runFolder, "data");
  await makeOwnedFolder(data, user);
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `requirepass ${password}`,
    `dir "${data}"`,
    "appendonly yes",
    "maxmemory-policy noeviction",
    'save ""',
    `user ${ADMIN} on >${password} ~* &* +@all`,
    ...more,
  ];
  const path = join(runFolder, "redis.conf");
  await writeOwnedFile(path, `${lines.join("\n")}\n`, user);
  return path;
}

/** The log is that of every start. */
async function untilReady(logFile: string, times: number): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(20)) {
    const log = await readFile(logFile, "utf8").catch(() => "");
    if (log.split("Ready to accept connections").length > times) return;
  }
  await failToStart(logFile);
}

async function failToStart(logFile: string): Promise<never> {
  const log = await readFile(logFile, "utf8").catch(() => "");
  throw new Error(`starting Redis: ${log.trim().split("\n").slice(-5).join(" ")}`);
}
