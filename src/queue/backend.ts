import type { DefaultJobOptions, WorkerOptions } from "bullmq";

/** What is used of BullMQ's `Queue`, whichever backend it stands on. */
export interface BackendQueue {
  add(name: string, data: { readonly migrationId: string }, options: { delay: number }): Promise<unknown>;
  getJobCounts(...states: "waiting"[]): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** What is used of BullMQ's `Worker`. */
export interface BackendWorker {
  waitUntilReady(): Promise<unknown>;
  pause(doNotWaitActive: boolean): Promise<void>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}

/** Handles one job. */
export type JobHandler = (job: { readonly data: { readonly migrationId: string } }) => Promise<void>;

/** Where BullMQ keeps its jobs. Opening does not connect yet. */
export interface QueueBackend {
  openQueue(name: string, defaults: DefaultJobOptions): BackendQueue;
  openWorker(name: string, handler: JobHandler, options: Omit<WorkerOptions, "connection">): BackendWorker;
  /** Frees connections that the queue and the worker do not own. */
  close(): Promise<void>;
}
