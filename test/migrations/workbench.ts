import type { Pool } from "pg";
import { systemClock } from "../../src/clock.ts";
import type { Actor, Place } from "../../src/core/member.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { Store } from "../../src/core/ports/store.ts";
import type { StrategyChoice } from "../../src/core/target.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { DEFAULT_TIMINGS, type Dependencies, type Timings } from "../../src/migrations/dependencies.ts";
import type { Driver } from "../../src/migrations/runner/drive.ts";
import { submitRequest } from "../../src/migrations/submit-request.ts";
import { applySchema } from "../../src/store/apply-schema.ts";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { createTestDatabase, openPool } from "../support/test-database.ts";
import { type ScriptedProvider, scriptedProvider } from "./scripted-provider.ts";

export const ALICE: Actor = { platform: "slack", id: "U1ALICE", name: "alice" };
export const CHANNEL: Place = { platform: "slack", workspace: "T1", channel: "C1" };

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** The use cases on a real store, with a scripted provider and a doorbell that nobody hears. */
export interface Workbench {
  readonly pool: Pool;
  readonly store: Store;
  readonly provider: ScriptedProvider;
  readonly deps: Dependencies;
  readonly rings: string[];
  driver(owner: string): Driver & { readonly stop: (reason?: string) => void };
  /** Submits a request for the plan M and version 18. */
  draft(): Promise<Migration>;
  /** Submits and confirms; by the strategy `dump` unless told otherwise. */
  confirmed(strategy?: StrategyChoice): Promise<Migration>;
  /** Texts of what waits in the outbox, oldest first: `post card progress`. */
  outbox(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openWorkbench(timings: Partial<Timings> = {}): Promise<Workbench> {
  const database = await createTestDatabase();
  const pool = openPool(database.url);
  await applySchema(pool);
  const [store, provider, rings] = [createPostgresStore(pool), scriptedProvider(), [] as string[]];
  const deps = dependencies({ store, provider, rings, timings });
  const draft = (strategy?: StrategyChoice) => submit(deps, strategy);
  return {
    pool,
    store,
    provider,
    deps,
    rings,
    driver: (owner) => driverOf(deps, owner),
    draft,
    async confirmed(strategy) {
      const { id, planHash } = await draft(strategy);
      const answer = await confirmMigration(
        deps,
        { migrationId: id, planHash, by: ALICE },
        AbortSignal.timeout(9_000),
      );
      if (answer.kind !== "confirmed") throw new Error(`confirming: ${JSON.stringify(answer)}`);
      return answer.migration;
    },
    async outbox() {
      const { rows } = await pool.query<{ line: string }>(
        `SELECT concat_ws(' ', kind, message_key, notification ->> 'kind') AS line FROM godwit.chat_outbox
         WHERE status <> 'superseded' ORDER BY id`,
      );
      return rows.map(({ line }) => line);
    },
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

interface Parts {
  readonly store: Store;
  readonly provider: ScriptedProvider;
  readonly rings: string[];
  readonly timings: Partial<Timings>;
}

function dependencies({ store, provider, rings, timings }: Parts): Dependencies {
  return {
    store,
    queue: {
      ring: async (id) => void rings.push(id),
      work: async () => undefined,
      ping: async () => undefined,
      close: async () => undefined,
    },
    providers: [provider],
    policy: { migrate: {} },
    mirrors: [],
    timeZone: "UTC",
    clock: systemClock,
    log: silent,
    random: () => 0.5,
    timings: { ...DEFAULT_TIMINGS, heartbeatMs: 50, progressMs: 100, retryMs: 2, sweepMs: 50, ...timings },
    recentLog: () => [],
    wakeSender: () => undefined,
  };
}

function driverOf(deps: Dependencies, owner: string) {
  const shutdown = new AbortController();
  return { deps, owner, shutdown: shutdown.signal, stop: (reason = "shutdown") => shutdown.abort(reason) };
}

async function submit(deps: Dependencies, strategy: StrategyChoice = "dump"): Promise<Migration> {
  const selection = { addonId: "addon_orders", planId: "pg-m", version: "18", strategy };
  const answer = await submitRequest(
    deps,
    { selection, by: ALICE, place: CHANNEL },
    AbortSignal.timeout(9_000),
  );
  if (answer.kind !== "posted") throw new Error(`submitting: ${JSON.stringify(answer)}`);
  return answer.migration;
}
