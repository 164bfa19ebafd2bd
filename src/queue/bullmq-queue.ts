import type { Log } from "../core/ports/log.ts";
import type { MigrationQueue } from "../core/ports/queue.ts";
import type { BackendWorker, JobHandler, QueueBackend } from "./backend.ts";
import { createInFlight } from "./in-flight.ts";
import { occasionally } from "./occasionally.ts";

/**
 * Only what of BullMQ is safe for work that must not run twice: plain jobs with one attempt that carry a
 * migration ID. What BullMQ thinks of a job's outcome means nothing; the store's rows do.
 */
const JOB_OPTIONS = {
  attempts: 1,
  removeOnComplete: { count: 1_000, age: 86_400 },
  removeOnFail: { count: 1_000, age: 604_800 },
} as const;

/** A stalled job only rings once more, so BullMQ's budget for stalls must never fail a healthy one. */
const WORKER_OPTIONS = { lockDuration: 60_000, stalledInterval: 15_000, maxStalledCount: 1_000 } as const;

interface QueueOptions {
  /** Of its own for each installation: whoever shares a backend must not take the others' rings. No colon. */
  readonly name: string;
  readonly backend: QueueBackend;
  readonly log: Log;
  /** Migrations that one process moves on at a time. */
  readonly concurrency: number;
}

/** The doorbell on BullMQ, with Redis or PostgreSQL behind it. */
export function createBullmqQueue({ name, backend, log, concurrency }: QueueOptions): MigrationQueue {
  const complain = occasionally((error: Error) =>
    log.warn({ code: codeOf(error) }, "queue backend has trouble"),
  );
  const queue = backend.openQueue(name, JOB_OPTIONS);
  queue.on("error", complain);
  const running = createInFlight();
  let worker: BackendWorker | undefined;
  return {
    async ring(migrationId, options) {
      const delay = options?.at ? Math.max(0, options.at.getTime() - Date.now()) : 0;
      await queue.add("ring", { migrationId }, { delay });
    },
    async work(handler) {
      const tracked: JobHandler = (job) => running.track(handler(job.data.migrationId));
      worker = backend.openWorker(name, tracked, { ...WORKER_OPTIONS, concurrency });
      worker.on("error", complain);
      await worker.waitUntilReady();
    },
    async ping() {
      await queue.getJobCounts("waiting");
    },
    async close(graceMs) {
      // BullMQ's own close waits for running jobs without a limit, so it is asked not to wait at all.
      await worker?.pause(true);
      await Promise.race([running.idle(), wait(graceMs)]);
      await worker?.close(true);
      await queue.close();
      await backend.close();
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
