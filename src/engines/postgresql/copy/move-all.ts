import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { allTogether, type Task } from "../../in-parallel.ts";
import { type RestoreOptions, restoreTogether } from "../schema/restore-entries.ts";
import { type Lane, type LaneOptions, openLane } from "./lane.ts";
import { copyStatements } from "./parts.ts";
import { splice } from "./splice.ts";
import { Tally } from "./tally.ts";
import type { Job, Work } from "./work.ts";

/** How the jobs of a copy are done. */
export interface MoveOptions extends Omit<LaneOptions, "signal"> {
  readonly call: EngineCall;
  readonly jobs: number;
  /** Whether an earlier run may have built some of what is to be built. */
  readonly mayExist: boolean;
  /** What is done beside the jobs. */
  readonly beside: readonly Task[];
}

interface WorkerOptions extends RestoreOptions {
  readonly jobs: number;
}

/** One of the parallel workers, with sessions from its first job on. */
class Worker {
  readonly #lane: Lane;
  readonly #tally: Tally;
  readonly #options: WorkerOptions;
  #helpers = -1;

  constructor(lane: Lane, tally: Tally, options: WorkerOptions) {
    this.#lane = lane;
    this.#tally = tally;
    this.#options = options;
  }

  async run(job: Job): Promise<void> {
    if (job.kind === "build") return this.#build(job.entries);
    const { source, target } = this.#lane;
    const [first] = job.copy.parts;
    const more = job.copy.parts.length > 1 ? ` and ${job.copy.parts.length - 1} small tables` : "";
    this.#tally.begin(this, { verb: "copying", what: `${first?.table.name}${more}`, source });
    this.#tally.end(this, await splice(source, target, copyStatements(job.copy)));
  }

  async #build(entries: Extract<Job, { kind: "build" }>["entries"]): Promise<void> {
    const more = entries.length > 1 ? ` and ${entries.length - 1} more` : "";
    this.#tally.begin(this, { verb: "building", what: `${entries[0]?.label}${more}`, source: null });
    await this.#allowHelpers(Math.max(0, this.#options.jobs - this.#tally.busy));
    await restoreTogether(this.#lane.target, entries, this.#options);
    this.#tally.end(this);
  }

  /** An index that is built while other workers have nothing to do may use the server's own. */
  async #allowHelpers(count: number): Promise<void> {
    if (count === this.#helpers) return;
    this.#helpers = count;
    await this.#lane.target.query(`SET max_parallel_maintenance_workers = ${count}`);
  }
}

async function workOff(
  pair: DatabasePair,
  { work, tally, signal }: { readonly work: Work; readonly tally: Tally; readonly signal: AbortSignal },
  options: MoveOptions,
): Promise<void> {
  const wake = (): void => work.wakeAll();
  signal.addEventListener("abort", wake, { once: true });
  let job = await work.take(signal);
  if (job === null) return;
  const opened = await openLane(pair, { ...options, signal });
  const { jobs, mayExist, call } = options;
  try {
    const worker = new Worker(opened.lane, tally, { jobs, mayExist, log: call.log });
    for (; job !== null; job = await work.take(signal)) {
      await worker.run(job);
      work.finish(job);
    }
  } finally {
    await opened.close();
  }
}

/** Copies rows and builds what stands on them, with one set of parallel workers. */
export async function moveAll(
  pair: DatabasePair,
  work: Work,
  options: MoveOptions,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const tally = new Tally(options.call, options.totalBytes);
  const workers = Array.from(
    { length: options.jobs },
    (): Task => (signal) => workOff(pair, { work, tally, signal }, options),
  );
  const stop = tally.tick();
  try {
    await allTogether([...options.beside, ...workers], options.call.signal);
    return { rows: tally.rows, bytes: tally.bytes };
  } finally {
    stop();
  }
}
