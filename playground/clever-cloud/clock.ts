interface Task {
  readonly atMs: number;
  readonly run: () => void;
  timer?: NodeJS.Timeout;
}

/** Stops a scheduled task; does nothing once it ran. */
export type Unschedule = () => void;

/**
 * Time as the platform sees it, in milliseconds since 1970. On `real` time tasks run by themselves, and `advance` moves
 * the clock further; on `hand` time nothing happens but in `advance`, in the order of the tasks' times.
 */
export class PlatformClock {
  readonly #isByHand: boolean;
  /** The time itself by hand; what is added to the real time otherwise. */
  #ms: number;
  #tasks: Task[] = [];
  #isClosed = false;

  constructor(kind: "real" | "hand", startMs: number) {
    this.#isByHand = kind === "hand";
    this.#ms = this.#isByHand ? startMs : 0;
  }

  now(): number {
    return this.#isByHand ? this.#ms : Date.now() + this.#ms;
  }

  /** Runs once the clock shows `delayMs` more than now. */
  schedule(delayMs: number, run: () => void): Unschedule {
    if (this.#isClosed) return () => {};
    const task: Task = { atMs: this.now() + delayMs, run };
    this.#tasks.push(task);
    this.#arm(task);
    return () => this.#forget(task);
  }

  /** Moves the time forward and does what falls due meanwhile, also what these tasks schedule. */
  advance(ms: number): void {
    const untilMs = this.now() + ms;
    for (let task = this.#next(untilMs); task; task = this.#next(untilMs)) {
      this.#set(Math.max(this.now(), task.atMs));
      this.#run(task);
    }
    this.#set(untilMs);
    for (const task of this.#tasks) this.#arm(task);
  }

  /** Forgets all tasks for good. */
  close(): void {
    this.#isClosed = true;
    for (const task of this.#tasks) this.#forget(task);
  }

  #arm(task: Task): void {
    if (this.#isByHand) return;
    clearTimeout(task.timer);
    task.timer = setTimeout(() => this.#run(task), Math.max(0, task.atMs - this.now()));
  }

  #set(ms: number): void {
    this.#ms = this.#isByHand ? ms : Math.max(this.#ms, ms - Date.now());
  }

  #next(untilMs: number): Task | undefined {
    return this.#tasks
      .filter(({ atMs }) => atMs <= untilMs)
      .toSorted((one, other) => one.atMs - other.atMs)[0];
  }

  #run(task: Task): void {
    this.#forget(task);
    task.run();
  }

  #forget(task: Task): void {
    clearTimeout(task.timer);
    this.#tasks = this.#tasks.filter((other) => other !== task);
  }
}
