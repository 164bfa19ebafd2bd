import type { SchemaEntry } from "./entries.ts";

/** Kinds that lock their tables only against writing, so that several may run on one table. */
const SHARED = new Set(["INDEX"]);

interface Job {
  readonly entry: SchemaEntry;
  readonly after: ReadonlySet<number>;
  readonly touches: readonly number[];
}

/**
 * Hands out entries to parallel workers: each when what it needs is done, and never two at once that
 * would wait for each other's table locks.
 */
export class Schedule {
  readonly #waiting: Job[];
  readonly #done = new Set<number>();
  readonly #exclusive = new Set<number>();
  readonly #shared = new Map<number, number>();
  #running = 0;
  #wake: (() => void)[] = [];

  constructor(entries: readonly SchemaEntry[]) {
    const ids = new Set(entries.map(({ id }) => id));
    this.#waiting = entries.map((entry) => ({
      entry,
      after: new Set(entry.needs.filter((id) => ids.has(id) && id !== entry.id)),
      touches: entry.needs.filter((id) => !ids.has(id)),
    }));
  }

  /** The next entry, or null when none is left; waits while those left must wait. */
  async take(signal: AbortSignal): Promise<SchemaEntry | null> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#waiting.length === 0) return null;
      const index = this.#waiting.findIndex((job) => this.#isReady(job));
      if (index >= 0) return this.#start(index);
      // A circle of needs would wait for ever: with nothing running, order no longer matters.
      if (this.#running === 0) return this.#start(0);
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  /** Marks an entry as restored. */
  finish(entry: SchemaEntry): void {
    this.#done.add(entry.id);
    this.#running -= 1;
    for (const table of this.#touchesOf(entry)) this.#unlock(table, SHARED.has(entry.type));
    this.wakeAll();
  }

  /** Lets waiting workers look again, for instance after an abort. */
  wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }

  readonly #running_touches = new Map<number, readonly number[]>();

  #touchesOf(entry: SchemaEntry): readonly number[] {
    return this.#running_touches.get(entry.id) ?? [];
  }

  #isReady({ entry, after, touches }: Job): boolean {
    if ([...after].some((id) => !this.#done.has(id))) return false;
    if (touches.some((table) => this.#exclusive.has(table))) return false;
    return SHARED.has(entry.type) || touches.every((table) => !this.#shared.has(table));
  }

  #start(index: number): SchemaEntry | null {
    const [job] = this.#waiting.splice(index, 1);
    if (job === undefined) return null;
    this.#running += 1;
    this.#running_touches.set(job.entry.id, job.touches);
    for (const table of job.touches) this.#lock(table, SHARED.has(job.entry.type));
    return job.entry;
  }

  #lock(table: number, shared: boolean): void {
    if (shared) this.#shared.set(table, (this.#shared.get(table) ?? 0) + 1);
    else this.#exclusive.add(table);
  }

  #unlock(table: number, shared: boolean): void {
    if (!shared) return void this.#exclusive.delete(table);
    const left = (this.#shared.get(table) ?? 1) - 1;
    if (left === 0) this.#shared.delete(table);
    else this.#shared.set(table, left);
  }
}
