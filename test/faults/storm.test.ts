import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { bundledProgram } from "../support/shared-servers.ts";
import { amount } from "./length.ts";
import { askIn, openMill } from "./mill.ts";
import { serveChat } from "./storm/distant-chat.ts";

const STRIKES = amount(10, 500);
const MIGRATIONS = amount(3, 100);
const WORKERS = 3;
const STEPS = 5;
const LONGEST_STOP_MS = 2_500;
/** Of so many strikes one comes with a blocked event loop. */
const BLOCK_EVERY = 5;

/** Three workers; one that was killed is followed by another. */
async function startWorkers(environment: Readonly<Record<string, string>>) {
  const program = await bundledProgram("test/faults/storm/worker.ts");
  const start = (): ChildProcess =>
    fork(program, {
      execArgv: ["--enable-source-maps"],
      env: { ...process.env, ...environment },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  const workers = Array.from({ length: WORKERS }, start);
  await Promise.all(workers.map((worker) => once(worker, "message")));
  return {
    async kill(index: number) {
      await end(workers[index]);
      workers[index] = start();
    },
    /** Long enough for its lease to run out, or not. */
    async stop(index: number) {
      const worker = workers[index];
      worker?.kill("SIGSTOP");
      await sleep(Math.random() * LONGEST_STOP_MS);
      worker?.kill("SIGCONT");
    },
    /** Its event loop stands still for as long, so that it neither renews its leases nor notices that it lost them. */
    block(index: number) {
      const worker = workers[index];
      if (worker?.connected) worker.send({ blockMs: Math.random() * LONGEST_STOP_MS }, () => undefined);
    },
    end: () => Promise.all(workers.map(end)),
  };
}

async function end(worker: ChildProcess | undefined): Promise<void> {
  if (!worker || worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, "exit");
  worker.kill("SIGKILL");
  await gone;
}

it(`${STRIKES} SIGKILLs and SIGSTOPs of ${WORKERS} processes during ${MIGRATIONS} migrations lose, double and leave nothing`, async () => {
  const mill = await openMill();
  const chat = await serveChat(mill.chat.port());
  await mill.bench.pool.query("CREATE TABLE storm_effects (key text PRIMARY KEY)");
  const workers = await startWorkers({ DATABASE_URL: mill.databaseUrl, CHAT_URL: chat.url });
  const struck = { kill: 0, stop: 0, block: 0 };
  try {
    for (let index = 0; index < STRIKES; index += 1) {
      const due = Math.ceil(((index + 1) * MIGRATIONS) / STRIKES);
      for (let asked = Math.ceil((index * MIGRATIONS) / STRIKES); asked < due; asked += 1)
        await askIn(mill.bench, `addon_${asked}`);
      await sleep(Math.random() * 500);
      if (index % BLOCK_EVERY === 0) {
        workers.block(Math.floor(Math.random() * WORKERS));
        struck.block += 1;
      }
      const kind = Math.random() < 0.6 ? "kill" : "stop";
      struck[kind] += 1;
      await workers[kind](Math.floor(Math.random() * WORKERS));
    }

    expect(await mill.settle(), JSON.stringify(struck)).toEqual([]);
    const all = await mill.bench.store.migrations({ limit: 1_000 });
    expect(all.map(({ state }) => state)).toEqual(Array(MIGRATIONS).fill("succeeded"));
    const { rowCount } = await mill.bench.pool.query("SELECT FROM storm_effects");
    expect(rowCount).toBe(MIGRATIONS * STEPS);
    console.log(JSON.stringify({ migrations: all.length, ...struck, messages: mill.chat.messages.length }));
  } finally {
    await workers.end();
    await chat.close();
    await mill.close();
  }
}, 3_600_000);
