import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Pool } from "pg";
import { expect } from "vitest";
import type { Failure } from "../../src/core/failure.ts";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { expectNothingInClear } from "../journeys/expect-nothing-in-clear.ts";
import { type GodwitProcess, startGodwit } from "../journeys/start-godwit.ts";
import { askWithoutChat } from "../migrations/ask-without-chat.ts";
import { aKeyText } from "../store/a-keyring.ts";
import { openPool } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import type { TestFleet } from "../support/with-fleet.ts";

const ENDED = ["succeeded", "rolled_back", "needs_support"];

/** Workers in processes of their own that move a fleet's orders, without a chat. */
export interface Crew {
  /** Asks for a migration in these records and confirms it. */
  ask(databaseUrl: string, strategy: "dump" | "live"): Promise<void>;
  /** A worker on these records; held behind a step's work where one is named. */
  startWorker(databaseUrl: string, holdAt?: string): Promise<GodwitProcess>;
  /** Waits until the newest migration has ended, and tells how. */
  ended(databaseUrl: string): Promise<{ readonly state: string; readonly failure: Failure | null }>;
}

/** Runs a test body with a crew over a fleet, and ends its processes. At the end no secret stands where it must not. */
export async function withCrew(subject: TestFleet, body: (crew: Crew) => Promise<void>): Promise<void> {
  const secretKey = aKeyText();
  const workers: GodwitProcess[] = [];
  const pools = new Map<string, Pool>();
  const { folder, config } = subject;
  const environmentOf = (databaseUrl: string) => ({
    ...config.environment,
    GODWIT_CONFIG: config.file,
    GODWIT_SECRET_KEY: secretKey,
    GODWIT_FOLDER: folder,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "debug",
  });
  const open = (databaseUrl: string): Pool => {
    const pool = pools.get(databaseUrl) ?? openPool(databaseUrl, 2);
    pools.set(databaseUrl, pool);
    return pool;
  };
  try {
    await body({
      ask: async (databaseUrl, strategy) =>
        void (await askWithoutChat({ environment: environmentOf(databaseUrl), folder, strategy })),
      async startWorker(databaseUrl, holdAt = "") {
        const worker = await startGodwit({ ...environmentOf(databaseUrl), HOLD_AT: holdAt }, "worker");
        workers.push(worker);
        return worker;
      },
      ended: (databaseUrl) => untilEnded(open(databaseUrl)),
    });
    for (const [url, pool] of pools)
      await expectNothingInClear({ pool, folder, environment: environmentOf(url), processes: workers });
  } finally {
    await Promise.all(workers.map((worker) => worker.kill("SIGTERM")));
    await Promise.all([...pools.values()].map((pool) => pool.end()));
  }
}

async function untilEnded(pool: Pool) {
  const store = createPostgresStore(pool);
  return until(
    async () => {
      const [newest] = await store.migrations({ limit: 1 });
      return newest !== undefined && ENDED.includes(newest.state) && newest;
    },
    { what: "the migration to end", timeoutMs: 120_000, everyMs: 100 },
  );
}

/** Every write that the shop was told is saved is in the database that its env file names. */
export async function expectNothingLost({ shop, folder }: TestFleet): Promise<void> {
  await shop.stop();
  const { POSTGRESQL_ADDON_URI: url = "" } = parseEnv(await readFile(join(folder, "shop.env"), "utf8"));
  expect(await shop.checkJournal(url)).toMatchObject({ missing: [] });
}
