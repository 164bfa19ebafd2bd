import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import { writeOwnedFile } from "./owned-files.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import type { Supervisor } from "./supervise.ts";
import type { ServerUser } from "./unprivileged-user.ts";

/** Where a database cluster lies and what runs it. */
export interface Cluster {
  readonly dataFolder: string;
  readonly runFolder: string;
  readonly logFile: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser | undefined;
  readonly temporary: boolean;
}

/** Makes the cluster if it does not exist, in a folder aside, so that a half-made one is never used. */
export async function ensureCluster(
  cluster: Cluster,
  { supervisor, superuserPassword }: { supervisor: Supervisor; superuserPassword: string },
): Promise<void> {
  const major = (await readFile(join(cluster.dataFolder, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (major !== "") return checkMajor(cluster, major);
  const partial = `${cluster.dataFolder}.partial`;
  const passwordFile = join(cluster.runFolder, "password");
  await rm(partial, { recursive: true, force: true });
  await writeOwnedFile(passwordFile, `${superuserPassword}\n`, cluster.user);
  const initdb = await supervisor.run([
    cluster.binaries.initdb,
    ...initdbArguments(cluster, partial, passwordFile),
  ]);
  const status = await initdb.exited;
  await rm(passwordFile, { force: true });
  if (status !== 0) throw cannotStart(await readLogTail(cluster.logFile));
  await appendConfiguration(cluster, partial);
  await rename(partial, cluster.dataFolder);
}

/** The C locale is the same on every machine and major version, so no index changes its order in a copy. */
function initdbArguments(cluster: Cluster, dataFolder: string, passwordFile: string): string[] {
  const always = [
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--auth=scram-sha-256",
    "--no-instructions",
  ];
  return [
    "-D",
    dataFolder,
    `--pwfile=${passwordFile}`,
    ...always,
    ...(cluster.temporary ? ["--no-sync"] : []),
  ];
}

async function appendConfiguration(cluster: Cluster, dataFolder: string): Promise<void> {
  const path = join(dataFolder, "postgresql.conf");
  const text = await readFile(path, "utf8");
  await rm(path);
  await writeOwnedFile(path, `${text}\ninclude_if_exists = 'godwit.conf'\n`, cluster.user);
}

/**
 * Writes the settings for the next start: loopback only, no socket file (its path may be too long), and no
 * unsafe speed for data that is to last.
 */
export async function writeSettings(
  cluster: Cluster,
  { port, settings }: { port: number; settings: Readonly<Record<string, string>> },
): Promise<void> {
  const fixed = { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(port) };
  const safe = cluster.temporary ? {} : { fsync: "on", full_page_writes: "on" };
  const lines = Object.entries({ ...settings, ...fixed, ...safe }).map(([name, value]) =>
    settingLine(name, value),
  );
  const path = join(cluster.dataFolder, "godwit.conf");
  await rm(path, { force: true });
  await writeOwnedFile(path, `${lines.join("\n")}\n`, cluster.user);
}

function settingLine(name: string, value: string): string {
  if (!/^[a-z_.]+$/i.test(name) || value.includes("\n"))
    throw new TypeError(`not a PostgreSQL setting: ${name}`);
  return `${name} = '${value.replaceAll("'", "''")}'`;
}

function checkMajor(cluster: Cluster, major: string): void {
  if (cluster.binaries.version.startsWith(`${major}.`)) return;
  throw new GodwitError({
    code: "embedded-data-of-another-major",
    summary: `The data in ${cluster.dataFolder} was written by PostgreSQL ${major}; the embedded one is ${cluster.binaries.version}.`,
    remedy: "Start the Godwit version that wrote it, or set DATABASE_URL to a PostgreSQL server of your own.",
  });
}

/** The error for a server that does not start; the log's end is for the operator. */
export function cannotStart(logTail: string): GodwitError {
  return new GodwitError({
    code: "embedded-postgres-not-started",
    summary: "The embedded PostgreSQL server does not start.",
    remedy: "Read its log below, or set DATABASE_URL to a PostgreSQL server of your own.",
    cause: new Error(logTail),
  });
}

/** The last lines of the server's log, for error messages. */
export async function readLogTail(logFile: string): Promise<string> {
  const text = await readFile(logFile, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-15).join("\n");
}
