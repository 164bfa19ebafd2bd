import { Pool } from "pg";
import { OutboxSender, type OutboxTimes } from "../../src/chat/outbox/sender.ts";
import { systemClock } from "../../src/clock.ts";
import type { Place } from "../../src/core/member.ts";
import type { ChatPort } from "../../src/core/ports/chat.ts";
import type { Store } from "../../src/core/ports/store.ts";
import { isTerminal } from "../../src/core/transitions.ts";
import { auditAll } from "../../src/migrations/audit/audit.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { type Driver, drive } from "../../src/migrations/runner/drive.ts";
import { sweepUntilShutdown } from "../../src/migrations/runner/sweep.ts";
import { submitRequest } from "../../src/migrations/submit-request.ts";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { readRecords } from "../../src/store/read-records.ts";
import { anAddon } from "../migrations/scripted-provider.ts";
import { relocation } from "../migrations/step-behaviours.ts";
import { ALICE, CHANNEL, openWorkbench, type Workbench } from "../migrations/workbench.ts";
import { until } from "../support/until.ts";
import { SimulatedChat } from "./simulation/simulated-chat.ts";

const TIMINGS = { leaseMs: 1_500, heartbeatMs: 150, sweepMs: 200, progressMs: 200, retryMs: 20 };
const TIMES: OutboxTimes = { claimMs: 8_000, callMs: 4_000, paceShare: 0.01 };
const STEP_MS = 60;

/** Workers and senders on a real PostgreSQL, reached over a way that can be cut; steps take a moment and do nothing. */
export interface Mill {
  readonly bench: Workbench;
  readonly chat: SimulatedChat;
  /** Address of Godwit's database, without the way that can be cut. */
  readonly databaseUrl: string;
  /** Another worker; `url` is how it reaches the database. */
  addWorker(name: string, url: string): void;
  /** Waits until nothing moves any more, and returns what is wrong then. */
  settle(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openMill(): Promise<Mill> {
  const bench = await openWorkbench(TIMINGS);
  const chat = new SimulatedChat(Math.random, () => 0.05);
  const databaseUrl = String(bench.pool.options.connectionString);
  const ends: (() => Promise<void>)[] = [];
  takeTheirTime(bench);
  return {
    bench,
    chat,
    databaseUrl,
    addWorker: (name, url) =>
      void ends.push(startWorker({ bench, port: chat.port(), times: TIMES, name, url })),
    settle: () => settle(bench, chat),
    async close() {
      await Promise.all(ends.map((end) => end()));
      await bench.close();
    },
  };
}

/** Asks for a migration of an add-on and confirms it. */
export async function askIn({ deps }: Workbench, addonId: string, place: Place = CHANNEL): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  const selection = { addonId, planId: "pg-m", version: "18", strategy: "dump" };
  const asked = await submitRequest(deps, { selection, by: ALICE, place }, signal);
  if (asked.kind !== "posted") throw new Error(JSON.stringify(asked));
  const { id: migrationId, planHash } = asked.migration;
  const answer = await confirmMigration(deps, { migrationId, planHash, by: ALICE }, signal);
  if (answer.kind !== "confirmed") throw new Error(JSON.stringify(answer));
}

/** Steps take a moment and do nothing, whatever the add-on. */
export function takeTheirTime({ provider }: Workbench): void {
  for (const step of ["check", "provision", "copy"])
    provider.behaviours.set(step, async ({ signal }) => {
      await systemClock.sleep(STEP_MS * (0.5 + Math.random()), signal);
      return {};
    });
  provider.behaviours.set("switch", async (context) => {
    const { addonId } = context.migration.source;
    if (!context.migration.pivotPassed) await context.passPivot({ ...relocation(), addonId });
    return {};
  });
  Object.assign(provider, { getAddon: async (id: string) => anAddon({ id, name: id }) });
}

interface Worker {
  readonly bench: Workbench;
  readonly port: ChatPort;
  readonly times: OutboxTimes;
  readonly name: string;
  readonly url: string;
}

/** Starts a worker with a sender of its own; resolves the returned call when both have ended. */
export function startWorker({ bench, port, times, name, url }: Worker): () => Promise<void> {
  const pool = new Pool({
    connectionString: url,
    max: 6,
    connectionTimeoutMillis: 2_000,
    query_timeout: 3_000,
  });
  pool.on("error", () => undefined);
  const store: Store = createPostgresStore(pool);
  const shutdown = new AbortController();
  const { clock, log } = bench.deps;
  const sender = new OutboxSender({
    store,
    ports: [port],
    clock,
    log,
    random: Math.random,
    owner: name,
    times,
  });
  const driving = new Set<Promise<void>>();
  const ring = async (migrationId: string) => {
    const work = drive(driver, migrationId)
      .catch(() => undefined)
      .finally(() => driving.delete(work));
    driving.add(work);
  };
  const deps = {
    ...bench.deps,
    store,
    queue: { ...bench.deps.queue, ring },
    wakeSender: () => sender.wake(),
  };
  const driver: Driver = { deps, owner: name, shutdown: shutdown.signal };
  const sweeping = sweepUntilShutdown(driver);
  sender.start();
  return async () => {
    shutdown.abort("shutdown");
    await Promise.all([sweeping, ...driving]);
    await sender.stop();
    await pool.end();
  };
}

async function settle(bench: Workbench, chat: SimulatedChat): Promise<string[]> {
  const isAtRest = async () => {
    const all = await bench.store.migrations({ limit: 1_000 });
    return all.every(({ state }) => isTerminal(state)) && (await bench.store.oldestUnsentMs()) === 0;
  };
  await until(isAtRest, { what: "everything to come to rest", timeoutMs: 120_000, everyMs: 100 }).catch(
    async (error: unknown) => {
      throw new Error(`${String(error)}: ${await describeUnrest(bench)}`);
    },
  );
  const { violations } = await auditAll(readRecords(bench.pool), { now: new Date(), graceMs: 5_000 });
  const { rows } = await bench.pool.query<{ nonce: string }>(
    "SELECT nonce FROM godwit.chat_outbox WHERE kind = 'post' AND status = 'sent' ORDER BY thread_key, sequence",
  );
  const shown = chat.messages
    .map(({ threadKey, nonce }, at) => ({ threadKey, nonce, at }))
    .toSorted((one, other) => one.threadKey.localeCompare(other.threadKey, "en") || one.at - other.at)
    .map(({ nonce }) => nonce);
  const wanted = rows.map(({ nonce }) => nonce);
  const isTold = wanted.toSorted().join() === shown.toSorted().join();
  return [
    ...violations.map(({ invariant, migrationId, what }) => `${invariant} ${migrationId}: ${what}`),
    ...(isTold ? [] : [`chat: ${shown.length} messages stand there, and ${wanted.length} should`]),
  ];
}

/** What still moves, or would have to. */
async function describeUnrest({ pool }: Workbench): Promise<string> {
  const { rows: moving } = await pool.query(
    `SELECT m.id, m.state, to_jsonb(l) AS lease, to_jsonb(s) - 'checkpoint' - 'output' AS step
     FROM godwit.migrations m JOIN godwit.leases l ON l.migration_id = m.id
     LEFT JOIN godwit.steps s ON s.migration_id = m.id AND s.status NOT IN ('done', 'undone', 'pending')
     WHERE m.state NOT IN ('succeeded', 'rolled_back', 'cancelled', 'expired') LIMIT 12`,
  );
  const { rows: unsent } = await pool.query(
    `SELECT now(), to_jsonb(o) - 'notification' AS message FROM godwit.chat_outbox o
     WHERE status IN ('pending', 'sending') ORDER BY thread_key, sequence LIMIT 12`,
  );
  return JSON.stringify({ moving, unsent });
}
