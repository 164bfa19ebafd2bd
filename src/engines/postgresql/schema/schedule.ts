import type { SchemaEntry } from "./entries.ts";

/** Kinds that lock their tables only against writing, so that several may run on one table. */
const SHARED = new Set(["INDEX"]);
/** Kinds that may begin as soon as their own table is in; rules, triggers and foreign keys wait for all. */
const EARLY = new Set(["INDEX", "CONSTRAINT"]);
/** Kinds that come last, as in a dump: a foreign key's proof must see every row of its tables. */
const LATE = new Set(["POLICY", "ROW SECURITY", "PUBLICATION", "PUBLICATION TABLE"]);
/** Entries of tables up to this size share a transaction. */
const SMALL_BYTES = 1024 * 1024;
const BATCH = 200;
/** Stands for "the rows of all tables" among what an entry needs. */
const ALL_ROWS = Number.MIN_SAFE_INTEGER;
/** Stands for every entry that is not late. */
const ALL_BUILT = ALL_ROWS + 1;

/** A relation of the schema, by the dump's number for it. */
export interface ScheduledTable {
  readonly bytes: number;
  /** Whether rows are still on their way into it. */
  readonly isFilling: boolean;
}

interface Job {
  readonly entry: SchemaEntry;
  readonly position: number;
  readonly weightBytes: number;
  readonly locks: readonly number[];
  /** Entries and tables that are not ready yet. */
  readonly unmet: Set<number>;
}

/**
 * Hands out entries to parallel workers: each when what it needs is done, those of large tables first, and
 * never two at once that would wait for each other's table locks.
 */
export class Schedule {
  readonly #waiting = new Set<Job>();
  readonly #ready: Job[] = [];
  readonly #waitingFor = new Map<number, Job[]>();
  readonly #running = new Map<number, Job>();
  readonly #exclusive = new Map<number, number>();
  readonly #shared = new Map<number, number>();
  readonly #filling = new Set<number>();
  readonly #unbuilt: Set<number>;

  constructor(entries: readonly SchemaEntry[], tables: ReadonlyMap<number, ScheduledTable> = new Map()) {
    const ids = new Set(entries.map(({ id }) => id));
    this.#unbuilt = new Set(entries.filter(({ type }) => !LATE.has(type)).map(({ id }) => id));
    for (const [id, { isFilling }] of tables) if (isFilling) this.#filling.add(id);
    const all = this.#filling.size > 0 ? [ALL_ROWS] : [];
    for (const [position, entry] of entries.entries()) {
      const locks = entry.needs.filter((id) => tables.has(id));
      const isEarly = EARLY.has(entry.type) && locks.length === 1;
      const after = entry.needs.filter((id) => ids.has(id) && id !== entry.id);
      const rows = isEarly ? locks.filter((id) => this.#filling.has(id)) : all;
      const built = LATE.has(entry.type) && this.#unbuilt.size > 0 ? [ALL_BUILT] : [];
      const unmet = new Set([...after, ...rows, ...built]);
      const weightBytes = Math.max(0, ...locks.map((id) => tables.get(id)?.bytes ?? 0));
      this.#add({ entry, position, weightBytes, locks, unmet });
    }
    this.#sort();
  }

  /** Entries that were handed out to nobody yet. */
  get left(): number {
    return this.#waiting.size + this.#ready.length;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Size of the largest table whose entry may begin now; null when none may. */
  nextWeightBytes(): number | null {
    return this.#ready.find((job) => this.#isFree(job))?.weightBytes ?? null;
  }

  /** The next entry, or several of small tables to be run in one transaction; empty when none may begin. */
  take(): readonly SchemaEntry[] {
    const first = this.#ready.findIndex((job) => this.#isFree(job));
    if (first < 0) return [];
    const weightBytes = this.#ready[first]?.weightBytes ?? 0;
    const free =
      weightBytes > SMALL_BYTES ? [] : this.#ready.filter((job) => this.#isFree(job)).slice(0, BATCH);
    const taken = free.length > 0 ? free : this.#ready.slice(first, first + 1);
    for (const job of taken) this.#start(job);
    return taken.map(({ entry }) => entry);
  }

  /** In a circle of needs nobody would ever begin: the first entry, whatever it needs. */
  takeAnyway(): readonly SchemaEntry[] {
    const [job] = this.#waiting;
    if (job === undefined) return [];
    this.#waiting.delete(job);
    this.#start(job);
    return [job.entry];
  }

  /** Marks entries as restored. */
  finish(entries: readonly SchemaEntry[]): void {
    for (const { id } of entries) {
      const job = this.#running.get(id);
      this.#running.delete(id);
      if (job) this.#count(job, -1);
    }
    for (const { id } of entries) {
      this.#meet(id);
      if (this.#unbuilt.delete(id) && this.#unbuilt.size === 0) this.#meet(ALL_BUILT);
    }
    this.#sort();
  }

  /** Says that a table has all its rows. */
  arrive(table: number): void {
    this.#meet(table);
    if (this.#filling.delete(table) && this.#filling.size === 0) this.#meet(ALL_ROWS);
    this.#sort();
  }

  #add(job: Job): void {
    if (job.unmet.size === 0) return void this.#ready.push(job);
    this.#waiting.add(job);
    for (const id of job.unmet) {
      const jobs = this.#waitingFor.get(id) ?? [];
      jobs.push(job);
      this.#waitingFor.set(id, jobs);
    }
  }

  #meet(id: number): void {
    for (const job of this.#waitingFor.get(id) ?? []) {
      job.unmet.delete(id);
      if (job.unmet.size === 0 && this.#waiting.delete(job)) this.#ready.push(job);
    }
    this.#waitingFor.delete(id);
  }

  #sort(): void {
    this.#ready.sort((one, other) => other.weightBytes - one.weightBytes || one.position - other.position);
  }

  #isFree({ entry, locks }: Job): boolean {
    if (locks.some((table) => this.#exclusive.has(table))) return false;
    return SHARED.has(entry.type) || locks.every((table) => !this.#shared.has(table));
  }

  #start(job: Job): void {
    const at = this.#ready.indexOf(job);
    if (at >= 0) this.#ready.splice(at, 1);
    this.#running.set(job.entry.id, job);
    this.#count(job, 1);
  }

  #count({ entry, locks }: Job, by: 1 | -1): void {
    const counts = SHARED.has(entry.type) ? this.#shared : this.#exclusive;
    for (const table of locks) {
      const count = (counts.get(table) ?? 0) + by;
      if (count === 0) counts.delete(table);
      else counts.set(table, count);
    }
  }
}
