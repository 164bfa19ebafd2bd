import type { SchemaEntry } from "../schema/entries.ts";
import type { Schedule } from "../schema/schedule.ts";
import type { CopyJob } from "./parts.ts";

/** What a worker does next. */
export type Job =
  | { readonly kind: "copy"; readonly copy: CopyJob }
  | { readonly kind: "build"; readonly entries: readonly SchemaEntry[] };

/** What follows the rows, as soon as it is known. */
export interface Plan {
  readonly schedule: Schedule;
  /** The dump's number for each table, by the table's OID on the source. */
  readonly idOf: ReadonlyMap<number, number>;
}

/**
 * Hands out copies and what is built on them to one set of workers. What belongs to the largest table goes
 * first, so an index begins as soon as its table is in while smaller tables are still copied.
 */
export class Work {
  readonly #copies: CopyJob[];
  readonly #unfinished = new Map<number, number>();
  readonly #arrived: number[] = [];
  readonly #onArrival: (tables: readonly string[]) => void;
  #plan: Plan | null = null;
  #copying = 0;
  #wake: (() => void)[] = [];

  constructor(copies: readonly CopyJob[], onArrival: (tables: readonly string[]) => void) {
    this.#copies = [...copies];
    this.#onArrival = onArrival;
    for (const { table } of copies.flatMap(({ parts }) => parts)) {
      this.#unfinished.set(table.oid, (this.#unfinished.get(table.oid) ?? 0) + 1);
    }
  }

  /** Says what is to be built; until then workers wait when everything is copied. */
  follow(plan: Plan): void {
    this.#plan = plan;
    for (const oid of this.#arrived) this.#tellArrived(oid);
    this.wakeAll();
  }

  /** The next job, or null when none is left; waits while those left must wait. */
  async take(signal: AbortSignal): Promise<Job | null> {
    for (;;) {
      signal.throwIfAborted();
      const job = this.#next();
      if (job !== null) return job;
      if (this.#isOver()) return null;
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  /** Marks a job as done. */
  finish(job: Job): void {
    if (job.kind === "build") this.#plan?.schedule.finish(job.entries);
    else this.#finishCopy(job.copy);
    this.wakeAll();
  }

  /** Lets waiting workers look again, for instance after an abort. */
  wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }

  #isOver(): boolean {
    return this.#copies.length === 0 && this.#plan !== null && this.#plan.schedule.left === 0;
  }

  #next(): Job | null {
    const schedule = this.#plan?.schedule;
    const weightBytes = schedule?.nextWeightBytes() ?? null;
    const [copy] = this.#copies;
    if (schedule && weightBytes !== null && weightBytes >= (copy?.weightBytes ?? 0)) {
      return { kind: "build", entries: schedule.take() };
    }
    if (copy === undefined) return this.#nextOfCircle(schedule);
    this.#copies.shift();
    this.#copying += 1;
    return { kind: "copy", copy };
  }

  #nextOfCircle(schedule: Schedule | undefined): Job | null {
    if (!schedule || schedule.isRunning || this.#copying > 0 || schedule.left === 0) return null;
    return { kind: "build", entries: schedule.takeAnyway() };
  }

  #finishCopy({ parts }: CopyJob): void {
    this.#copying -= 1;
    const arrived: string[] = [];
    for (const { table } of parts) {
      const left = (this.#unfinished.get(table.oid) ?? 1) - 1;
      this.#unfinished.set(table.oid, left);
      if (left > 0) continue;
      arrived.push(table.sql);
      this.#arrived.push(table.oid);
      this.#tellArrived(table.oid);
    }
    if (arrived.length > 0) this.#onArrival(arrived);
  }

  #tellArrived(oid: number): void {
    const id = this.#plan?.idOf.get(oid);
    if (id !== undefined) this.#plan?.schedule.arrive(id);
  }
}
