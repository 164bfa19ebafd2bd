/** Whoever sets timers: a process that may be dead or stopped when they are due. */
export interface TimerOwner {
  readonly isDead: boolean;
  /** Virtual milliseconds until which it is stopped, as by SIGSTOP. */
  readonly stoppedUntil: number;
}

interface Timer {
  at: number;
  readonly order: number;
  readonly owner: TimerOwner | undefined;
  readonly fire: () => void;
  cleared: boolean;
}

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  timeout: Reflect.get(AbortSignal, "timeout"),
  now: Reflect.get(performance, "now"),
};

/**
 * Time that goes on as soon as nobody has anything to do. Timers know whose they are: whoever acts between two of them is
 * the owner of the first.
 */
export class VirtualTime {
  #acting: TimerOwner | undefined;
  #now = 0;
  #order = 0;
  readonly #heap: Timer[] = [];

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** Lets everything that waits on the globals wait on this time, until `work` has ended. */
  async rule<T>(work: () => Promise<T>): Promise<T> {
    const set = (fire: () => void, ms = 0) => this.set(fire, ms, this.#acting);
    Object.assign(globalThis, {
      setTimeout: set,
      clearTimeout: (timer: Timer | undefined) => timer && Object.assign(timer, { cleared: true }),
    });
    performance.now = () => this.#now;
    AbortSignal.timeout = (ms) => {
      const controller = new AbortController();
      set(() => controller.abort(new DOMException("it took too long", "TimeoutError")), ms);
      return controller.signal;
    };
    try {
      return await work();
    } finally {
      Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
      performance.now = real.now;
      AbortSignal.timeout = real.timeout;
    }
  }

  /** Starts something in a process's name. */
  as<T>(owner: TimerOwner, act: () => T): T {
    const before = this.#acting;
    this.#acting = owner;
    try {
      return act();
    } finally {
      this.#acting = before;
    }
  }

  set(fire: () => void, ms: number, owner?: TimerOwner): Timer {
    const at = this.#now + Math.max(0, ms);
    const timer = { at, order: (this.#order += 1), owner, fire, cleared: false };
    this.#push(timer);
    return timer;
  }

  async sleep(ms: number, owner?: TimerOwner, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        timer.cleared = true;
        reject(signal?.reason as Error);
      };
      const timer = this.set(
        () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
        ms,
        owner,
      );
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Goes on until `isOver`, or until so much time has passed. */
  async run(isOver: () => boolean, limitMs: number): Promise<void> {
    const end = this.#now + limitMs;
    for (;;) {
      await settle();
      if (isOver()) return;
      const timer = this.#pop();
      if (!timer || timer.at > end) return;
      if (timer.cleared || timer.owner?.isDead) continue;
      this.#now = Math.max(this.#now, timer.at);
      const stoppedUntil = timer.owner?.stoppedUntil ?? 0;
      if (stoppedUntil > this.#now) this.#push(Object.assign(timer, { at: stoppedUntil }));
      else {
        this.#acting = timer.owner;
        timer.fire();
      }
    }
  }

  #push(timer: Timer): void {
    let index = this.#heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, this.#heap[parent])) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #pop(): Timer | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#heap[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = isBefore(this.#heap[right], this.#heap[left]) ? right : left;
      if (!isBefore(this.#heap[child], this.#heap[index])) return first;
      this.#swap(index, child);
      index = child;
    }
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#heap[one], this.#heap[other]];
    if (first && second) [this.#heap[one], this.#heap[other]] = [second, first];
  }
}

function isBefore(one: Timer | undefined, other: Timer | undefined): boolean {
  if (!one || !other) return one !== undefined;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Lets every promise that can go on go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => real.setImmediate(resolve));
}
