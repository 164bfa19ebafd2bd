import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { commands, runCommand } from "../commands/index.ts";
import type { ChatDependencies } from "./chat/dependencies.ts";
import { createChats } from "./chat/index.ts";
import { within } from "./chat/interactions/within.ts";
import { OutboxSender, type OutboxTimes } from "./chat/outbox/sender.ts";
import { chatSettings, mirrorsOf } from "./chat-settings.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { GodwitError } from "./core/failure.ts";
import { namedIn } from "./core/policy.ts";
import type { ChatPort } from "./core/ports/chat.ts";
import type { Log } from "./core/ports/log.ts";
import type { Provider } from "./core/ports/provider.ts";
import { engines } from "./engines/index.ts";
import { LogRing } from "./log-ring.ts";
import { DEFAULT_TIMINGS, type Dependencies, type Timings } from "./migrations/dependencies.ts";
import { createInbound } from "./migrations/inbound.ts";
import { type Driver, drive } from "./migrations/runner/drive.ts";
import { sweepUntilShutdown } from "./migrations/runner/sweep.ts";
import { createProvider } from "./providers/index.ts";
import { openQueue } from "./queue/index.ts";
import { createFleetStore } from "./store/fleet-store.ts";
import { type OpenDatabase, openDatabase } from "./store/open-database.ts";
import { createOwnership } from "./store/ownership.ts";
import { createPostgresStore } from "./store/postgres-store.ts";
import type { Keyring } from "./store/secrets/keyring.ts";

/** Migrations that one process moves on at a time. */
const CONCURRENCY = 4;
/** Running steps get this long to stop when the process ends, longer than a step is waited for; then the next worker repeats them. */
const SHUTDOWN_GRACE_MS = 12_000;
/** Platforms and the outbox get this long; what is not sent then is sent by the next process. */
const GOODBYE_MS = 14_000;

/** `bot` talks with people, `worker` moves migrations on; one process may be both. */
export type Role = "bot" | "worker";

export interface AppOptions {
  readonly config: Config;
  readonly log: Log;
  /** Folder that holds `.godwit/`, the embedded database's place. */
  readonly folder: string;
  readonly timings?: Partial<Timings>;
  readonly outbox?: Partial<OutboxTimes>;
  /** Wraps each provider, for demonstrations and tests that make a step fail. */
  readonly wrapProvider?: (provider: Provider) => Provider;
}

/** Godwit, put together. Nothing moves before `start`. */
export interface App {
  readonly deps: Dependencies;
  /** Connections to Godwit's own database. */
  readonly pool: Pool;
  /** What the credentials in it are encrypted with. */
  readonly keyring: Keyring;
  readonly driver: Driver;
  readonly chats: readonly ChatPort[];
  /** Resolves when a platform will never take this bot again; the process should end with this error. */
  readonly gaveUp: Promise<GodwitError>;
  start(roles: readonly Role[]): Promise<void>;
  /** Stops taking work, lets running steps stop, hands leases back and closes everything. */
  stop(): Promise<void>;
}

/** Joins the adapters. The only place that knows all of them. */
export async function createApp(given: AppOptions): Promise<App> {
  const ring = new LogRing(() => systemClock.now());
  const options = { ...given, log: ring.tee(given.log) };
  const { config, log, folder } = options;
  const database = await openDatabase({
    url: config.databaseUrl,
    embeddedFolder: join(folder, ".godwit"),
    secretKeys: config.secretKeys,
    log,
  });
  try {
    return await assemble(options, database, ring);
  } catch (error) {
    await database.pool.end();
    await database.close();
    throw error;
  }
}

async function assemble(options: AppOptions, database: OpenDatabase, ring: LogRing): Promise<App> {
  const { config, log, outbox: times = {}, wrapProvider = (provider) => provider } = options;
  const store = createPostgresStore(database.pool);
  const providers = openProviders(config, log, database).map(wrapProvider);
  const escalateMs = config.support.escalateAfterMs;
  const timings = { ...DEFAULT_TIMINGS, escalateMs, ...options.timings };
  const { redisUrl } = config;
  const { url: databaseUrl, installation } = database;
  const queue = await openQueue({ redisUrl, databaseUrl, installation, concurrency: CONCURRENCY, log });
  const [gaveUp, giveUp] = promiseOf<GodwitError>();
  const ownership = createOwnership({ pool: database.pool, clock: systemClock, log });
  const chats = openChats(config, { log, ownership, giveUp });
  const owner = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  const random = Math.random;
  const sender = new OutboxSender({ store, ports: chats, clock: systemClock, log, random, owner, times });
  const { policy, timeZone } = config;
  const mirrors = mirrorsOf(config);
  const common = {
    store,
    queue,
    providers,
    policy,
    mirrors,
    timeZone,
    clock: systemClock,
    log,
    random,
    timings,
  };
  const recentLog = (migrationId: string) => ring.linesOf(migrationId);
  const deps: Dependencies = { ...common, recentLog, wakeSender: () => sender.wake() };
  return runnable({ deps, chats, gaveUp, sender, owner, database });
}

function openProviders(config: Config, log: Log, database: OpenDatabase) {
  const made = Object.fromEntries(Object.entries(engines).map(([id, create]) => [id, create()]));
  const fleet = createFleetStore(database.pool, database.keyring);
  const common = { engines: made, fleet, log, clock: systemClock, randomBytes };
  return config.providers.map((provider) => createProvider(provider, common));
}

/** A promise and what resolves it. */
function promiseOf<T>(): [Promise<T>, (value: T) => void] {
  let settle: (value: T) => void = () => undefined;
  return [new Promise<T>((resolve) => (settle = resolve)), (value) => settle(value)];
}

function openChats(
  config: Config,
  shared: Pick<ChatDependencies, "log" | "ownership" | "giveUp">,
): ChatPort[] {
  return createChats(chatSettings(config), (platform) => ({
    ...shared,
    clock: systemClock,
    random: Math.random,
    policy: namedIn(config.policy, platform),
    commands,
  }));
}

interface Assembled {
  readonly deps: Dependencies;
  readonly chats: readonly ChatPort[];
  readonly gaveUp: Promise<GodwitError>;
  readonly sender: OutboxSender;
  readonly owner: string;
  readonly database: OpenDatabase;
}

function runnable({ deps, chats, gaveUp, sender, owner, database }: Assembled): App {
  const ending = new AbortController();
  const driver: Driver = { deps, owner, shutdown: ending.signal };
  let sweeping: Promise<void> = Promise.resolve();
  const inbound = createInbound({
    deps,
    rightOf: (name) => commands.find((command) => command.name === name)?.right ?? "migrate",
    runCommand: (invocation, signal) => runCommand(invocation, { deps, chats, signal }),
  });
  return {
    deps,
    pool: database.pool,
    keyring: database.keyring,
    driver,
    chats,
    gaveUp,
    async start(roles) {
      if (roles.includes("worker")) {
        await deps.queue.work((migrationId) => drive(driver, migrationId));
        sweeping = sweepUntilShutdown(driver);
      }
      if (roles.includes("bot")) {
        for (const chat of chats) await chat.start(inbound);
        sender.start();
      }
    },
    async stop() {
      ending.abort("shutdown");
      const goodbyes = [sweeping, ...chats.map((chat) => chat.stop()), sender.stop()];
      await Promise.all([
        deps.queue.close(SHUTDOWN_GRACE_MS),
        within(Promise.allSettled(goodbyes), { ms: GOODBYE_MS, clock: systemClock }),
      ]);
      await Promise.all(deps.providers.map((provider) => provider.close()));
      await deps.store.close();
      await database.close();
    },
  };
}
