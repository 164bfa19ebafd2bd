import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { money } from "../../../../src/core/money.ts";
import type { Plan } from "../../../../src/core/plan.ts";
import type { Clock } from "../../../../src/core/ports/clock.ts";
import type { Engine } from "../../../../src/core/ports/engine.ts";
import type { Log } from "../../../../src/core/ports/log.ts";
import type { Provider } from "../../../../src/core/ports/provider.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { SelfHostedConfig } from "../../../../src/providers/self-hosted/config.ts";
import { createSelfHostedProvider } from "../../../../src/providers/self-hosted/create-self-hosted-provider.ts";
import { createMemoryFleetStore, type MemoryFleetStore } from "./memory-fleet-store.ts";
import { createScriptedEngine, type ScriptedEngine } from "./scripted-engine.ts";

/** A clock whose waiting takes no time, and that can be set forward. */
export interface TestClock extends Clock {
  forward(ms: number): void;
}

export function aClock(): TestClock {
  let skipped = 0;
  return {
    now: () => new Date(Date.now() + skipped),
    forward: (ms) => (skipped += ms),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      skipped += ms;
      await sleep(1);
    },
  };
}

/** A log that keeps what was written, for the tests that look for secrets. */
export function aLog(lines: string[] = []): Log {
  const write = (fields: object, event: string) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return log;
}

export function aPlan(id: string, change: Partial<Plan> = {}): Plan {
  return {
    id,
    name: id.slice(-1).toUpperCase(),
    engine: "postgresql",
    vcpus: 1,
    memoryBytes: 2 ** 30,
    diskBytes: 10 * 2 ** 30,
    connections: 75,
    shared: false,
    monthlyPrice: money(19.5, "EUR"),
    ...change,
  };
}

export const BIG = { memoryBytes: 4 * 2 ** 30, diskBytes: 40 * 2 ** 30, connections: 250 };

/** The configuration of a fleet of two servers, an add-on and an application. */
export function aConfig(folder: string, change: Partial<SelfHostedConfig> = {}): SelfHostedConfig {
  const server = (id: string) => ({
    id,
    engine: "postgresql",
    zone: "par",
    url: new Secret(`postgres://admin:hunter2@${id}.db.example:5432/postgres`),
    plans: ["pg-s", "pg-m"],
  });
  return {
    kind: "self-hosted",
    name: "fleet",
    retentionMs: 72 * 3_600_000,
    fenceLimitMs: 4 * 3_600_000,
    switchLimitMs: 60_000,
    replicationLimitBytes: 2 ** 34,
    plans: [aPlan("pg-s"), aPlan("pg-m", { ...BIG, monthlyPrice: money(98, "EUR") })],
    servers: [server("pg15"), server("pg18")],
    addons: [
      {
        id: "addon_orders",
        name: "orders",
        server: "pg15",
        plan: "pg-s",
        database: "orders",
        user: "orders",
        password: new Secret("old-password"),
        applications: ["shop"],
      },
    ],
    applications: [anApplication(folder)],
    ...change,
  };
}

export function anApplication(
  folder: string,
  change: Partial<SelfHostedConfig["applications"][number]> = {},
): SelfHostedConfig["applications"][number] {
  return {
    id: "shop",
    name: "Shop",
    envFile: join(folder, "shop.env"),
    folder,
    restart: { kind: "command", command: [process.execPath, "-e", "0"] },
    connectTimeoutMs: 2_000,
    ...change,
  };
}

/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "godwit-fleet-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestFleet {
  readonly folder: string;
  readonly config: SelfHostedConfig;
  readonly engine: ScriptedEngine;
  readonly store: MemoryFleetStore;
  readonly clock: TestClock;
  readonly lines: string[];
  provider: Provider;
  /** Another process with the same records: a provider that holds no fence. */
  anotherProcess(): Provider;
}

/** A provider over a scripted engine, with the application's env file on disk. */
export async function aFleet(
  change: (folder: string) => Partial<SelfHostedConfig> = () => ({}),
): Promise<TestFleet> {
  const folder = await aFolder();
  await writeFile(join(folder, "shop.env"), "# Shop\nDATABASE_URL=postgres://old\nPORT=3000\n");
  const config = aConfig(folder, change(folder));
  const [engine, clock, lines] = [createScriptedEngine(), aClock(), [] as string[]];
  const store = createMemoryFleetStore(() => clock.now());
  const engines: Record<string, Engine> = { postgresql: engine };
  const anotherProcess = () =>
    createSelfHostedProvider(config, { engines, fleet: store, log: aLog(lines), clock, randomBytes });
  return { folder, config, engine, store, clock, lines, provider: anotherProcess(), anotherProcess };
}

export const NEVER = new AbortController().signal;
