import { stagesOf, type Table } from "../schema/tables.ts";
import type { Part } from "./parts.ts";

/** One piece of work of a copy. */
export type Job =
  | { readonly kind: "copy"; readonly part: Part }
  | { readonly kind: "build"; readonly table: Table; readonly statements: readonly string[] };

/**
 * What is left to do, in order: keys of tables whose rows are all in, then rows. Parts of a table whose server lets
 * one statement at a time draw numbers for it are not done side by side.
 */
export class Work {
  readonly #parts: Part[];
  readonly #builds: Table[] = [];
  readonly #left = new Map<Table, number>();
  readonly #busy = new Set<Table>();
  readonly #options: WorkOptions;
  #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(parts: readonly Part[], options: WorkOptions) {
    this.#parts = [...parts];
    this.#options = options;
    for (const { table } of parts) this.#left.set(table, (this.#left.get(table) ?? 0) + 1);
  }

  /** The next job; waits while others may make one; null when all is done. */
  async next(signal: AbortSignal): Promise<Job | null> {
    for (;;) {
      signal.throwIfAborted();
      const job = this.#take();
      if (job !== null) {
        this.#underWay += 1;
        return job;
      }
      if (this.#underWay === 0 && this.#parts.length === 0) return null;
      await new Promise<void>((done) => this.#waiting.push(done));
    }
  }

  /** Must be called when a job is done. */
  done(job: Job): void {
    this.#underWay -= 1;
    if (job.kind === "copy") this.#finishPart(job.part);
    else this.#options.finished(job.table);
    this.wake();
  }

  /** Lets everyone look again, also after a failure. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done();
  }

  #take(): Job | null {
    const table = this.#builds.shift();
    if (table !== undefined) {
      const { keys } = stagesOf(table, this.#options.database);
      return { kind: "build", table, statements: keys };
    }
    const index = this.#parts.findIndex((part) => !this.#busy.has(part.table));
    const [part] = index === -1 ? [] : this.#parts.splice(index, 1);
    if (part === undefined) return null;
    if (this.#options.isAlone(part.table)) this.#busy.add(part.table);
    return { kind: "copy", part };
  }

  #finishPart({ table }: Part): void {
    this.#busy.delete(table);
    const left = (this.#left.get(table) ?? 1) - 1;
    this.#left.set(table, left);
    if (left === 0) this.#builds.push(table);
  }
}

/** How work is shared out. */
export interface WorkOptions {
  /** The target's. */
  readonly database: string;
  readonly isAlone: (table: Table) => boolean;
  /** Called when a table has its rows and keys. */
  readonly finished: (table: Table) => void;
}
