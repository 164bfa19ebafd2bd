import { OutboxSender } from "../../../src/chat/outbox/sender.ts";
import type { Log } from "../../../src/core/ports/log.ts";
import type { Dependencies } from "../../../src/migrations/dependencies.ts";
import { type Driver, drive } from "../../../src/migrations/runner/drive.ts";
import { sweepUntilShutdown } from "../../../src/migrations/runner/sweep.ts";
import { findViolations } from "./find-violations.ts";
import { MemoryStore } from "./memory-store.ts";
import { seeded } from "./random.ts";
import { SimulatedChat } from "./simulated-chat.ts";
import { livePeople } from "./simulated-people.ts";
import { CALM, EPOCH, SimulatedProcess, type Weather } from "./simulated-process.ts";
import { simulatedProvider } from "./simulated-provider.ts";
import { SimulatedWorld } from "./simulated-world.ts";
import { VirtualTime } from "./virtual-time.ts";

const WORKERS = 3;
const TIMINGS = {
  leaseMs: 2_000,
  heartbeatMs: 300,
  sweepMs: 500,
  progressMs: 600,
  retryMs: 50,
  escalateMs: 900_000,
  stuckFloorMs: 600_000,
  outboxLateMs: 300_000,
  draftMs: 60_000,
  lateBuildMs: 20_000,
  lookAheadMs: 600_000,
  remindMs: 86_400_000,
};
/** After the storm everything has so long to come to rest. */
const LONGEST_CALM_MS = 900_000;
const OUTAGE_FROM_MS = 2_000;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** How a seed went. */
export interface Outcome {
  readonly seed: number;
  readonly violations: readonly string[];
  /** What happened, in order. */
  readonly story: readonly string[];
  readonly deaths: number;
  readonly stops: number;
  readonly endings: readonly string[];
}

/** Everything of one seed. */
export interface Simulation {
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly memory: MemoryStore;
  readonly world: SimulatedWorld;
  readonly chat: SimulatedChat;
  readonly story: string[];
  readonly processes: SimulatedProcess[];
  readonly isStormy: () => boolean;
  /** Use cases as a living process offers them; undefined while all are dead. */
  readonly anyone: () => { readonly deps: Dependencies; readonly process: SimulatedProcess } | undefined;
}

/**
 * Runs the real runner, sweeper and sender through a storm of deaths, and looks what they left.
 * @param outageMs how long the chat takes nothing, from two seconds after the beginning on
 */
export async function simulate(seed: number, outageMs = 0): Promise<Outcome> {
  const time = new VirtualTime();
  return time.rule(async () => {
    const random = seeded(seed);
    const stormMs = 5_000 + random() * 30_000;
    const weather = weatherOf(random);
    const isStormy = () => time.now < stormMs;
    const isDown = () => time.now > OUTAGE_FROM_MS && time.now < OUTAGE_FROM_MS + outageMs;
    const simulation = set({ time, random, isStormy, isDown, weather: () => (isStormy() ? weather : CALM) });
    const over = livePeople(simulation);
    const isOver = () => !isStormy() && !isDown() && over() && simulation.memory.isAtRest();
    await time.run(isOver, Math.max(stormMs, OUTAGE_FROM_MS + outageMs) + LONGEST_CALM_MS);
    const violations = await findViolations(simulation, stormMs);
    for (const process of simulation.processes) process.isDead = true;
    const { story, memory } = simulation;
    const count = (words: string) => story.filter((line) => line.includes(words)).length;
    return {
      seed,
      violations,
      story,
      deaths: count(" dies "),
      stops: count(" is stopped "),
      endings: memory.tables.migrations.values().map(({ state }) => state),
    };
  });
}

function weatherOf(random: () => number): Weather {
  return {
    dies: random() * 0.012,
    stops: random() * 0.012,
    breaks: random() * 0.03,
    slow: random() * 0.03,
  };
}

interface Setting {
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly isStormy: () => boolean;
  readonly isDown: () => boolean;
  readonly weather: () => Weather;
}

function set({ time, random, isStormy, isDown, weather }: Setting): Simulation {
  const now = () => EPOCH + time.now;
  const story: string[] = [];
  const tell = (what: string) => void story.push(`${Math.round(time.now)} ms: ${what}`);
  const trouble = () => (isStormy() ? 0.08 : 0);
  const common = {
    memory: new MemoryStore(now),
    world: new SimulatedWorld(),
    chat: new SimulatedChat(random, () => (isStormy() ? 0.25 : 0), isDown),
  };
  const alive: { deps: Dependencies; process: SimulatedProcess }[] = [];
  const simulation: Simulation = {
    ...common,
    time,
    random,
    story,
    isStormy,
    processes: [],
    anyone: () => {
      const living = alive.filter(({ process }) => !process.isDead);
      return living[Math.floor(random() * living.length)];
    },
  };
  for (let index = 0; index < WORKERS; index += 1) keepAlive(index, 1);

  /** Whoever supervises the processes starts a new one a little after one has died. */
  function keepAlive(index: number, life: number): void {
    const process = new SimulatedProcess(`w${index}.${life}`, { time, random, weather, tell });
    simulation.processes.push(process);
    const deps = time.as(process, () => startProcess(simulation, process, trouble));
    alive.push({ deps, process });
    const look = () => {
      if (process.isDead) time.set(() => keepAlive(index, life + 1), 200 + random() * 3_000);
      else time.set(look, 500);
    };
    time.set(look, 500);
  }
  return simulation;
}

function startProcess(
  simulation: Simulation,
  process: SimulatedProcess,
  trouble: () => number,
): Dependencies {
  const { memory, world, chat, random, time } = simulation;
  const store = process.store(memory);
  const { clock, name: owner } = process;
  const provider = simulatedProvider({ process, world, random, trouble, now: () => time.now });
  const sender = new OutboxSender({
    store,
    ports: [process.through(chat.port(), "chat")],
    clock,
    log: silent,
    random,
    owner,
    times: { claimMs: 12_000, callMs: 7_000, paceShare: 0.05 },
  });
  const deps: Dependencies = {
    store,
    queue: doorbell(simulation),
    providers: [provider],
    policy: { migrate: {} },
    mirrors: [],
    clock,
    log: silent,
    random,
    recentLog: () => [],
    timeZone: "UTC",
    timings: TIMINGS,
    wakeSender: () => sender.wake(),
  };
  const driver: Driver = { deps, owner, shutdown: new AbortController().signal };
  drivers.set(process, driver);
  void sweepUntilShutdown(driver);
  sender.start();
  return deps;
}

const drivers = new WeakMap<SimulatedProcess, Driver>();

/** A doorbell that loses and doubles rings, and takes its time. */
function doorbell({ time, random, processes }: Simulation): Dependencies["queue"] {
  const hear = (migrationId: string) => {
    const living = processes.filter(({ isDead }) => !isDead);
    const process = living[Math.floor(random() * living.length)];
    const driver = process && drivers.get(process);
    if (driver) time.as(process, () => void drive(driver, migrationId).catch(() => undefined));
  };
  return {
    async ring(migrationId) {
      const rings = random() < 0.1 ? 0 : random() < 0.1 ? 2 : 1;
      for (let ring = 0; ring < rings; ring += 1) time.set(() => hear(migrationId), random() * 300);
    },
    work: async () => undefined,
    ping: async () => undefined,
    close: async () => undefined,
  };
}
