import type { Clock } from "../../../src/core/ports/clock.ts";
import type { Store } from "../../../src/core/ports/store.ts";
import type { MemoryStore, Strike } from "./memory-store.ts";
import type { TimerOwner, VirtualTime } from "./virtual-time.ts";

const never = new Promise<never>(() => undefined);
/** The clock of the database is right; those of the processes may not be. */
export const EPOCH = Date.UTC(2026, 0, 1);

/** How often things go wrong at a boundary between a process and the world, from 0 to 1. */
export interface Weather {
  readonly dies: number;
  readonly stops: number;
  readonly breaks: number;
  readonly slow: number;
}

export const CALM: Weather = { dies: 0, stops: 0, breaks: 0, slow: 0 };

interface Surroundings {
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly weather: () => Weather;
  /** Called with what happened, for the story that a failing seed tells. */
  readonly tell: (what: string) => void;
}

/** A process of Godwit: everything that it does outside of itself it does through here, and may die of. */
export class SimulatedProcess implements TimerOwner {
  isDead = false;
  stoppedUntil = 0;
  readonly name: string;
  readonly skewMs: number;
  readonly #world: Surroundings;
  /** Messages that are between the last look at the clock and the wire. */
  #atWire = 0;

  constructor(name: string, world: Surroundings) {
    this.name = name;
    this.#world = world;
    this.skewMs = world.random() < 0.2 ? (world.random() - 0.5) * 1_200_000 : 0;
  }

  get clock(): Clock {
    const { time } = this.#world;
    return {
      now: () => new Date(EPOCH + time.now + this.skewMs),
      sleep: (ms, signal) => time.sleep(ms, this, signal),
    };
  }

  kill(where: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#world.tell(`${this.name} dies ${where}`);
  }

  /**
   * A boundary: time passes, and the process may die, be stopped, or, at the store, lose its connection. Between a
   * process's last look at its clock and the wire it is not stopped: nothing could keep a platform without idempotency
   * keys from taking that message twice. That holds for whatever else it does in that moment.
   */
  async cross(where: string, atStore = false): Promise<void> {
    const { time, random, weather, tell } = this.#world;
    const { dies, stops, breaks, slow } = weather();
    if (this.isDead) await never;
    const isAtWire = where === "before chat.post";
    const dice = random();
    if (dice < dies) this.kill(where);
    else if (dice < dies + stops && !isAtWire && this.#atWire === 0) {
      this.stoppedUntil = time.now + random() * 8_000;
      tell(`${this.name} is stopped ${where} for ${Math.round(this.stoppedUntil - time.now)} ms`);
    } else if (atStore && dice < dies + stops + breaks) throw new Error("Connection terminated unexpectedly");
    if (this.isDead) await never;
    if (isAtWire) this.#atWire += 1;
    await time.sleep(random() < slow ? random() * 3_000 : random() * 3, this);
    if (isAtWire) this.#atWire -= 1;
  }

  /** A port whose every call is such a boundary, before and after. */
  through<Port extends object>(port: Port, name: string): Port {
    const cross = (where: string) => this.cross(where, name === "store");
    return new Proxy(port, {
      get(target, key, receiver) {
        const member = Reflect.get(target, key, receiver) as unknown;
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          await cross(`before ${name}.${String(key)}`);
          const result = (await member.apply(target, args)) as unknown;
          await cross(`after ${name}.${String(key)}`);
          return result;
        };
      },
    });
  }

  /** The store, whose transactions a process can also die within. */
  store(memory: MemoryStore): Store {
    const strike = (point: "written" | "committed") => this.#strike(`${point} a transaction`);
    const crossed = this.through(memory, "store");
    return Object.assign(Object.create(crossed) as Store, {
      transaction: async (work: Parameters<Store["transaction"]>[0]) => {
        await this.cross("before a transaction", true);
        return memory.transaction(work, strike);
      },
      underLease: async (...[lease, work]: Parameters<Store["underLease"]>) => {
        await this.cross("before a transaction", true);
        return memory.underLease(lease, work, strike);
      },
    });
  }

  #strike(where: string): Strike {
    const { random, weather } = this.#world;
    const { dies, breaks } = weather();
    const dice = random();
    if (dice < dies) this.kill(where);
    if (this.isDead) return "dies";
    return dice < dies + breaks ? "breaks" : "none";
  }
}
