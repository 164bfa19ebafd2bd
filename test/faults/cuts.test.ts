import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "../../playground/faults/fault-proxy.ts";
import type { Workbench } from "../migrations/workbench.ts";
import { amount } from "./length.ts";
import { askIn, openMill } from "./mill.ts";

const CUTS = amount(16, 100);
const MIGRATIONS = amount(8, 40);

type Cut = (proxy: FaultProxy, bench: Workbench) => Promise<void>;

/** Everything that can happen to the way to a database. */
const KINDS: readonly (readonly [string, Cut])[] = [
  [
    "down",
    async (proxy) => {
      await proxy.down();
      await sleep(100 + Math.random() * 900);
      await proxy.up();
    },
  ],
  ["reset_peer", (proxy) => poisoned(proxy, { resetPeer: { timeoutMs: 0 } }, 50)],
  ["timeout", (proxy) => poisoned(proxy, { timeout: { timeoutMs: 0 } }, 300 + Math.random() * 2_000)],
  ["latency", (proxy) => poisoned(proxy, { latency: { latencyMs: 100, jitterMs: 90 } }, 800)],
  ["slicer", (proxy) => poisoned(proxy, { slicer: { averageSize: 64, delayMs: 1 } }, 500)],
  ["limit_data", (proxy) => poisoned(proxy, { limitData: { bytes: 2_000 } }, 200)],
  [
    "pg_terminate_backend of everything",
    async (_, { pool }) => {
      await pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
    },
  ],
];

async function poisoned(
  proxy: FaultProxy,
  toxics: Parameters<FaultProxy["poison"]>[0],
  ms: number,
): Promise<void> {
  proxy.poison(toxics);
  await sleep(ms);
  proxy.poison({});
}

describe("the way to Godwit's database", () => {
  it(`may be cut ${CUTS} times during ${MIGRATIONS} migrations by three workers: nothing is lost, doubled or left`, async () => {
    const mill = await openMill();
    const { port } = new URL(mill.databaseUrl);
    const proxy = await startFaultProxy({ host: "127.0.0.1", port: Number(port) });
    mill.bench.pool.on("error", () => undefined);
    const cut: string[] = [];
    try {
      for (const name of ["one", "two", "three"]) mill.addWorker(name, proxy.through(mill.databaseUrl));
      for (let index = 0; index < CUTS; index += 1) {
        if (index % Math.ceil(CUTS / MIGRATIONS) === 0) await askIn(mill.bench, `addon_${index}`);
        const [name, act] = KINDS[index % KINDS.length] ?? KINDS[0] ?? [];
        if (name && act) await act(proxy, mill.bench);
        cut.push(name ?? "");
        await sleep(Math.random() * 300);
      }

      expect(await mill.settle(), `after ${cut.join(", ")}`).toEqual([]);
      const states = (await mill.bench.store.migrations({ limit: 1_000 })).map(({ state }) => state);
      expect(states.length).toBeGreaterThanOrEqual(Math.min(MIGRATIONS, CUTS) / 2);
      expect(new Set(states)).toEqual(new Set(["succeeded"]));
    } finally {
      await proxy.close();
      await mill.close();
    }
  }, 600_000);
});
