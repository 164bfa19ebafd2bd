import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Pool } from "pg";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Store } from "../../src/core/ports/store.ts";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { redisUrl } from "../support/shared-servers.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { type TestFleet, withFleet } from "../support/with-fleet.ts";
import type { Orders, Report } from "./godwit-process.ts";

/** Where BullMQ keeps its jobs. */
export type Backend = "PostgreSQL" | "Redis";

export const BACKENDS: readonly Backend[] = ["PostgreSQL", "Redis"];

/** A Godwit in a process of its own. */
export interface GodwitProcess {
  readonly pid: number;
  order(orders: Orders): void;
  /** Resolves when a step is held, ready to be killed. */
  holding(step: string): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

interface GodwitOptions {
  readonly roles?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Servers, data, a writing shop and a local Slack, ready for Godwit. */
export interface Stage extends TestFleet {
  readonly slack: LocalSlack;
  /** Reads what Godwit has stored. */
  readonly store: Store;
  readonly pool: Pool;
  startGodwit(options?: GodwitOptions): Promise<GodwitProcess>;
  /** The newest migration of the add-on. */
  migration(): Promise<Migration>;
}

/** Sets the stage for one journey, and takes everything away after it. */
export async function withStage(backend: Backend, body: (stage: Stage) => Promise<void>): Promise<void> {
  await withFleet({ majors: [15, 18], rows: 4_000 }, async (fleet) => {
    const [slack, database] = [await startLocalSlack({ waitTimeoutMs: 30_000 }), await createTestDatabase()];
    const pool = new Pool({ connectionString: database.url, max: 3 });
    const processes: GodwitProcess[] = [];
    const store = createPostgresStore(pool);
    const environment = await environmentOf(fleet, { slack, databaseUrl: database.url, backend });
    try {
      await body({
        ...fleet,
        slack,
        store,
        pool,
        async startGodwit(options) {
          const started = await startGodwit({ ...environment, ...options?.environment }, options?.roles);
          processes.push(started);
          return started;
        },
        migration: () => newest(store),
      });
    } finally {
      await Promise.all(processes.map((running) => running.kill("SIGTERM")));
      await pool.end();
      await slack.close();
      await database.drop();
    }
  });
}

interface Connections {
  readonly slack: LocalSlack;
  readonly databaseUrl: string;
  readonly backend: Backend;
}

async function environmentOf(
  { config, folder }: TestFleet,
  { slack, databaseUrl, backend }: Connections,
): Promise<Record<string, string>> {
  return {
    ...config.environment,
    GODWIT_FOLDER: folder,
    DATABASE_URL: databaseUrl,
    ...(backend === "Redis" && { REDIS_URL: await redisUrl() }),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.url,
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "fatal",
  };
}

async function startGodwit(
  environment: Record<string, string>,
  roles = "bot,worker",
): Promise<GodwitProcess> {
  const child = fork(fileURLToPath(new URL("./godwit-process.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...environment, ROLES: roles },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const reports: Report[] = [];
  child.on("message", (report: Report) => reports.push(report));
  const heard = (what: string, isIt: (report: Report) => boolean) =>
    until(() => reports.some(isIt) || failIfEnded(child), { what, timeoutMs: 60_000 }).then(() => undefined);
  await heard("Godwit to start", ({ kind }) => kind === "started");
  return {
    pid: child.pid ?? 0,
    order: (orders) => void child.send(orders),
    holding: (step) =>
      heard(`step ${step} to be held`, (report) => report.kind === "holding" && report.step === step),
    async kill(signal = "SIGKILL") {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    },
  };
}

function failIfEnded(child: ChildProcess): false {
  if (child.exitCode === null) return false;
  throw new Error(`Godwit ended with ${child.exitCode}`);
}

async function newest(store: Store): Promise<Migration> {
  const [migration] = await store.migrations({ addonId: "addon_orders", limit: 1 });
  if (!migration) throw new Error("there is no migration");
  return migration;
}
