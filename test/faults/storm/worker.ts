import { Pool } from "pg";
import { OutboxSender } from "../../../src/chat/outbox/sender.ts";
import { systemClock } from "../../../src/clock.ts";
import type { Log } from "../../../src/core/ports/log.ts";
import type { StepContext } from "../../../src/core/step.ts";
import { DEFAULT_TIMINGS, type Dependencies } from "../../../src/migrations/dependencies.ts";
import { type Driver, drive } from "../../../src/migrations/runner/drive.ts";
import { sweepUntilShutdown } from "../../../src/migrations/runner/sweep.ts";
import { createPostgresStore } from "../../../src/store/postgres-store.ts";
import { anAddon, type ScriptedProvider, scriptedProvider } from "../../migrations/scripted-provider.ts";
import { relocation } from "../../migrations/step-behaviours.ts";
import { SimulatedChat } from "../simulation/simulated-chat.ts";
import { distantChat } from "./distant-chat.ts";

/** A program: a worker and sender of Godwit in a process of its own, to be killed and stopped. Its effects are rows. */
const { DATABASE_URL = "", CHAT_URL = "" } = process.env;
const TIMES = { leaseMs: 1_500, heartbeatMs: 150, sweepMs: 200, progressMs: 200, retryMs: 20 };
const STEP_MS = 80;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

const pool = new Pool({ connectionString: DATABASE_URL, max: 6 });
pool.on("error", () => undefined);
const store = createPostgresStore(pool);
const owner = `storm:${process.pid}`;
const sender = new OutboxSender({
  store,
  ports: [distantChat(CHAT_URL, new SimulatedChat(Math.random, () => 0).port())],
  clock: systemClock,
  log: silent,
  random: Math.random,
  owner,
  times: { claimMs: 8_000, callMs: 4_000, paceShare: 0.01 },
});
const deps: Dependencies = {
  store,
  queue: {
    ring: async (migrationId) => void drive(driver, migrationId).catch(() => undefined),
    work: async () => undefined,
    ping: async () => undefined,
    close: async () => undefined,
  },
  providers: [provider()],
  policy: { migrate: {} },
  mirrors: [],
  timeZone: "UTC",
  clock: systemClock,
  log: silent,
  random: Math.random,
  timings: { ...DEFAULT_TIMINGS, ...TIMES },
  recentLog: () => [],
  wakeSender: () => sender.wake(),
};
const driver: Driver = { deps, owner, shutdown: new AbortController().signal };

/** Steps take a moment; each writes down what it did under its key, so that what was done twice is seen. */
function provider(): ScriptedProvider {
  const scripted = scriptedProvider();
  for (const step of ["check", "provision", "copy", "finish"]) scripted.behaviours.set(step, leaveMark);
  scripted.behaviours.set("switch", async (context) => {
    const { addonId } = context.migration.source;
    await leaveMark(context);
    if (!context.migration.pivotPassed) await context.passPivot({ ...relocation(), addonId });
    return {};
  });
  return Object.assign(scripted, { getAddon: async (id: string) => anAddon({ id, name: id }) });
}

async function leaveMark(context: StepContext): Promise<object> {
  await systemClock.sleep(STEP_MS * (0.5 + Math.random()), context.signal);
  await pool.query("INSERT INTO storm_effects (key) VALUES ($1) ON CONFLICT DO NOTHING", [
    context.idempotencyKey,
  ]);
  await systemClock.sleep(STEP_MS * Math.random(), context.signal);
  return {};
}

void sweepUntilShutdown(driver);
sender.start();
process.on("message", ({ blockMs }: { readonly blockMs: number }) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
});
process.once("disconnect", () => process.exit(0));
process.send?.("ready");
